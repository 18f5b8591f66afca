from __future__ import annotations

import subprocess
import sys
import time

from paragone.measure.neighbours import Watch, busy_s, used_s

SPIN = "import time; end = time.time() + 1\nwhile time.time() < end: pass"


def test_a_stranger_is_seen_and_a_contender_is_not_a_stranger() -> None:
    with subprocess.Popen([sys.executable, "-c", SPIN]) as process:
        stranger, known, before_s = Watch([]), Watch([process.pid]), used_s(process.pid)
        time.sleep(0.4)
        seen, forgiven = stranger.other_cores(), known.other_cores()
        its_cores = (used_s(process.pid) - before_s) / stranger.elapsed_s()  # less than one where others spin as well
    assert its_cores > 0
    assert seen > its_cores - 0.15
    assert abs(seen - forgiven - its_cores) < 0.15


def test_sleeping_costs_this_process_nothing() -> None:
    watch = Watch([])
    time.sleep(0.2)
    assert watch.own_cores() < 0.05
    assert watch.elapsed_s() >= 0.2


def test_counters_grow_and_a_process_that_is_gone_has_used_nothing() -> None:
    before = busy_s()
    assert before > 0
    assert busy_s() >= before
    assert used_s(2**22 + 1) == 0.0
