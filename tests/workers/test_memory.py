"""The kernel's high-water mark against allocations of known size, each held for about a millisecond."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

MIB = 2**20

# A block of memory of its own, written to on every page, and given back to the kernel at once.
ALLOCATES = """
import json, mmap, sys, time
from paragone.workers.memory import peak_bytes, resident_bytes

size = int(sys.argv[1])
before, began = max(peak_bytes(), resident_bytes()), 0.0
with mmap.mmap(-1, size) as block:
    for page in range(0, size, mmap.PAGESIZE):
        block[page] = 1
    began = time.perf_counter()
held_s = time.perf_counter() - began
time.sleep(0.01)
print(json.dumps({"peak": peak_bytes() - before, "left": resident_bytes() - before, "held_s": held_s}))
"""


@pytest.mark.parametrize("mebibytes", [64, 256, 1024])
def test_a_peak_of_known_size_is_found_though_it_is_over_when_one_looks(mebibytes: int) -> None:
    command = [sys.executable, "-c", ALLOCATES, str(mebibytes * MIB)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = json.loads(done.stdout)
    assert found["peak"] == pytest.approx(mebibytes * MIB, rel=0.02, abs=4 * MIB)
    assert found["left"] < 4 * MIB
