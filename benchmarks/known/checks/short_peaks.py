"""Short peaks: memory that is there for a millisecond in the middle of training must be in the peak."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.known.check import Check, Finding, side_with, started
from benchmarks.known.checks.allocations import REPEATS, SIZES_MIB, STEPS, finding

SPIKE = """
import mmap
import pathlib
import time

_calls = []


def _spike(*_):
    _calls.append(None)
    if {mib} and len(_calls) == 20:
        block = mmap.mmap(-1, {mib} << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)
        began = time.perf_counter()
        while time.perf_counter() - began < 0.001:
            pass
        lasted = time.perf_counter() - began
        block.close()
        pathlib.Path({file!r}).write_text(str(lasted))

"""
HOOKS = {
    "torch": """

model.register_forward_pre_hook(_spike)
""",
    "jax": """
import jax

_loss_fn = loss_fn


def loss_fn(model, x, y):
    jax.debug.callback(_spike)
    return _loss_fn(model, x, y)
""",
    "keras": """
import tensorflow as tf

_compute_loss = model.compute_loss


def _with_spike(*args, **kwargs):
    tf.py_function(_spike, [], [])
    return _compute_loss(*args, **kwargs)


model.compute_loss = _with_spike
""",
}
"""What calls it once in every training step."""


def run(side: str, folder: Path) -> Iterator[Finding]:
    """The peaks of fresh processes, with the short peak and without, in turns."""
    lasted = folder / "lasted.txt"
    for mib in SIZES_MIB:
        without, with_it = (
            side_with(side, SPIKE.format(mib=size, file=str(lasted)) + HOOKS[side], folder, name)
            for size, name in ((0, "plain"), (mib, "spike"))
        )
        peaks: dict[str, list[float]] = {"spike": [], "plain": []}
        held_ms = []
        for _ in range(REPEATS):
            for one in (without, with_it):
                with started(one, folder) as (worker, _said):
                    worker.call("time_steps", n=STEPS)
                    peaks[one.side].append(worker.call("time_end")["peak_bytes"] / 2**20)
            held_ms.append(1000 * float(lasted.read_text()))
            lasted.unlink()
        yield finding(f"{mib} MiB for 1 ms", mib, peaks["plain"], peaks["spike"], whole_for_ms=held_ms)


CHECK = Check(
    name="short peaks",
    about="The same sizes, there as a whole for 1 ms in the twentieth training step and then given back.",
    place=2,
    sides=tuple(HOOKS),
    run=run,
)
