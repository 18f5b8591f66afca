"""`torch_timer.py SIDE STEPS SLOWED UNTIL FIRST SECOND`: what `torch.utils.benchmark` prints, and JSON."""

import json
import sys
import time

from steps import steps_of
from torch.utils.benchmark import Compare, Timer
from torch.utils.benchmark.utils.common import trim_sigfig

side, until, order = sys.argv[1], float(sys.argv[4]), sys.argv[5:]
steps = {"as_it_is": int(sys.argv[2]), "slowed": int(sys.argv[3])}
run = steps_of(side)
measured = []
for place, name in enumerate(order):
    timer = Timer("run(n)", globals={"run": run, "n": steps[name]}, label="a pass", description=name, num_threads=1)
    left_s = (until - time.monotonic()) / (len(order) - place)
    measured.append(timer.blocked_autorange(min_run_time=max(0.2, left_s)))
table = Compare(measured)
table.trim_significant_figures()
table.colorize()
table.print()
print(
    json.dumps(
        {
            name: {"median": one.median, "trimmed": trim_sigfig(one.median, one.significant_figures)}
            for name, one in zip(order, measured, strict=True)
        }
    )
)
