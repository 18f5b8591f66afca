"""What a side does before it is deployed: it trains, says what it gives for which inputs, and writes itself."""

from __future__ import annotations

import importlib
import importlib.util
import math
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np

from paragone.distance import gap
from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.spots import Spot
from paragone.spool import spool
from paragone.workers import probes
from paragone.workers.channel import Message
from paragone.workers.tracing import batches_of, moved, rows_of, test_targets

CASES: dict[str, tuple[int, probes.Change | None]] = {
    "one": (1, None),
    "seven": (7, None),
    "batch": (32, None),
    "saturated": (7, probes.scaled(probes.SATURATING)),
    "small": (7, probes.scaled(probes.SMALL)),
    "shifted": (7, probes.shifted),
}
"""Test samples, and what is done to them: several batch sizes, and inputs as extreme as those of the ladder."""
EXAMPLE = "seven"
"""The case that is left beside an artifact as its example."""
CALIBRATION, TEST = "calibration", "test"
_CALIBRATION_ROWS, _TEST_ROWS, _RUNS = 128, 512, 16
_BATCHES = 64
"""Different batches that a side is trained on, in a circle."""
_LINES, _LONGEST = 3, 400
"""How much of an error is told."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SHORTER = {"bfloat16": 8, "float16": 11}
"""Bits of the significand, the leading one counted, of formats that a runtime may compute in."""


@dataclass(frozen=True)
class _Live:
    """What `SideAdapter.write` needs of a spot."""

    live: Any


def examples(adapter: SideAdapter, *, seed: int, steps: int, out: Path) -> Message:
    """Train the built side for some steps; save inputs and outputs of every case, and what the test set has.

    Returns:
        The cases that apply, without those for which the side itself overflows; for each how far the side drifts from
        itself when its weights move by one unit in the last place (the most of 16 runs), and how far it is when they
        are rounded to a shorter format.
    """
    full = max(1, adapter.data.n_train // adapter.batch_size)
    adapter.timed("idiomatic", list(islice(batches_of(adapter, seed), min(steps, full, _BATCHES))))(steps)
    asked = ((name, rows_of(adapter, rows, change)) for name, (rows, change) in CASES.items())
    cases = {name: batch for name, batch in asked if batch is not None}
    calm = {name: adapter.outputs(batch) for name, batch in cases.items()}
    test = rows_of(adapter, _TEST_ROWS, None)
    assert test is not None
    spool(_saved(adapter, cases, calm, test), out)
    floors = dict.fromkeys(cases, 0.0)
    for noisy in _disturbed(adapter, cases):
        floors = {name: max(floors[name], _apart(noisy[name], calm[name])) for name in cases}
    return {
        "cases": [name for name in cases if name == EXAMPLE or holds(calm[name], floors[name])],
        "floors": floors,
        "rounded": {name: _apart(found, calm[EXAMPLE]) for name, found in _rounded(adapter, cases[EXAMPLE])},
        "n_classes": adapter.data.n_classes,
    }


def holds(outputs: Sequence[Array], floor: float) -> bool:
    """Whether a side gives finite numbers for some inputs, also when its weights are moved a little."""
    return math.isfinite(floor) and all(bool(np.isfinite(each).all()) for each in outputs)


def _saved(
    adapter: SideAdapter, cases: dict[str, Batch], outputs: dict[str, list[Array]], test: Batch
) -> Iterator[tuple[str, Array]]:
    assert adapter.view is not None
    for name, batch in cases.items():
        yield from _named(name, "x", [adapter.read(x) for x in batch.x])
        yield from _named(name, "y", outputs[name])
    head = adapter.batch(*adapter.data.train(adapter.view, slice(0, _CALIBRATION_ROWS)))
    yield from _named(CALIBRATION, "x", [adapter.read(x) for x in head.x])
    yield from _named(TEST, "x", [adapter.read(x) for x in test.x])
    yield from _named(TEST, "y", adapter.outputs(test))
    yield from _named(TEST, "t", test_targets(adapter, _TEST_ROWS))


def _named(case: str, letter: str, arrays: Sequence[Array]) -> Iterator[tuple[str, Array]]:
    return ((f"{case}/{letter}{place}", np.ascontiguousarray(array)) for place, array in enumerate(arrays))


def _disturbed(adapter: SideAdapter, cases: dict[str, Batch]) -> Iterator[dict[str, list[Array]]]:
    """What the side gives with weights that were moved by one unit in the last place, 16 times."""
    kept = _kept(adapter)
    for run in range(_RUNS):
        _put(adapter, moved(kept, np.random.default_rng([run])))
        yield {name: adapter.outputs(batch) for name, batch in cases.items()}
    _put(adapter, kept)


def _rounded(adapter: SideAdapter, batch: Batch) -> Iterator[tuple[str, list[Array]]]:
    """What the side gives with its weights in shorter formats."""
    kept = _kept(adapter)
    for name, bits in _SHORTER.items():
        _put(adapter, {key: _shortened(array, bits) for key, array in kept.items()})
        yield name, adapter.outputs(batch)
    _put(adapter, kept)


def _kept(adapter: SideAdapter) -> Weights:
    return {name: adapter.read(live).copy() for name, live in adapter.native().items()}


def _put(adapter: SideAdapter, arrays: Weights) -> None:
    live = adapter.native()
    for name, array in arrays.items():
        adapter.write(cast(Spot, _Live(live[name])), array)


def _shortened(array: Array, bits: int) -> Array:
    """Rounded to so many bits of the significand; the range of the exponent stays."""
    significand, exponent = np.frexp(array)
    shortened: Array = np.ldexp(np.round(significand * 2**bits) / 2**bits, exponent).astype(array.dtype)
    return shortened


def _apart(found: Sequence[Array], wanted: Sequence[Array]) -> float:
    return max((gap(a, b).max_rel for a, b in zip(found, wanted, strict=True)), default=0.0)


def export(adapter: SideAdapter, *, formats: str, written: str, given: str, path: str) -> Message:
    """Write the side, as it is now, in a format.

    Args:
        adapter: the side, after `examples`.
        formats: the package of the writers.
        written: the format's name.
        given: the examples' file.
        path: what to write.

    Returns:
        `missing`, the packages that the writer needs and are not there; nothing was written then. Or `why`, what the
        writer said when it refused.
    """
    from paragone.mapped import mapped

    writer = importlib.import_module(f"{formats}.{written}")
    missing = [name for name in writer.NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        return {"missing": missing}
    case = CALIBRATION if getattr(writer, "CALIBRATED", False) else EXAMPLE
    arrays = mapped(Path(given))
    inputs = [arrays[name] for name in sorted(arrays) if name.startswith(f"{case}/x")]
    try:
        writer.write(adapter, inputs, Path(path))
    except Exception as error:
        _clear(Path(path))
        return {"why": _words(error)}
    return {}


def _clear(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _words(error: BaseException) -> str:
    """The first lines of what was at the bottom of it, and of what kind that is; without colours."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = [line.strip() for line in _COLOURS.sub("", str(error)).splitlines() if line.strip()]
    return f"{type(error).__name__}: {' '.join(lines[:_LINES])}"[:_LONGEST] if lines else type(error).__name__
