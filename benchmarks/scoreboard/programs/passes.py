"""`passes.py SIDE STEPS UNTIL LEAST`: seconds of every pass of so many steps, until that moment of the monotonic clock.

At least LEAST passes; with UNTIL 0 that many and no more.
"""

import sys
import time

from steps import steps_of

side, steps, until, least = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
run = steps_of(side)
taken: list[float] = []
while len(taken) < least or time.monotonic() + (taken[-1] if taken else 0.0) < until:
    taken.append(run(steps))
print(*taken)
