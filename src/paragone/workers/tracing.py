"""The rungs of the ladder on one side alone: what comes out is compared by the orchestrator, not here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.distance import gap
from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import SideAdapter
from paragone.workers.channel import Message
from paragone.workers.outcome import accuracy, test_loss

SATURATING = 1000.0
"""Factor on the inputs that drives a softmax into saturation."""
_ROWS_FORWARD = 128
_ROWS_ODD = 7
_ROWS_OUTCOME = 4096
_CHUNK = 512
_KEPT_BYTES = 256 * 2**20


def draw(adapter: SideAdapter, builds: int, seed: int, out: Path) -> Message:
    """Starting weights of several builds, each with a seed of its own, as `build/name`."""
    arrays: Weights = {}
    for build in range(builds):
        adapter.build(seed + build)
        arrays |= {f"{build}/{name}": np.ascontiguousarray(array) for name, array in adapter.weights().items()}
    save_file(arrays, out)
    return {"builds": builds}


def trace(adapter: SideAdapter, *, seed: int, start: str, steps: int, checkpoints: Sequence[int], out: str) -> Message:
    """Forward, loss, gradients, one step, trajectory and outcome from given weights."""
    found = _climb(adapter, _start(adapter, start), seed, steps, checkpoints)
    save_file({name: np.ascontiguousarray(array) for name, array in found.items()}, out)
    return {"steps": steps}


def floor(adapter: SideAdapter, *, seed: int, start: str, steps: int, checkpoints: Sequence[int], runs: int) -> Message:
    """Drift from the undisturbed run, of `runs` runs whose weights are moved by one ulp at the start and at every step.

    Gives a row a run: the distance of every tensor of every rung from that of the undisturbed run.
    """
    weights = _start(adapter, start)
    calm = _rungs(adapter, weights, weights, seed, steps, checkpoints)
    band = np.zeros(steps)
    rows: list[dict[str, float]] = []
    for run in range(runs):
        noise = np.random.default_rng([seed, run])
        noisy = _rungs(adapter, weights, _moved(weights, noise), seed, steps, checkpoints, noise)
        band = np.maximum(band, np.abs(noisy.pop("curve") - calm["curve"]))
        rows.append({name: gap(array, calm[name]).max_rel for name, array in noisy.items()})
    return {"rows": rows, "band": band.tolist()}


def _rungs(
    adapter: SideAdapter,
    origin: Weights,
    weights: Weights,
    seed: int,
    steps: int,
    checkpoints: Sequence[int],
    noise: np.random.Generator | None = None,
) -> Weights:
    """What the ladder compares, from weights that may be a little off the common origin."""
    found = _climb(adapter, weights, seed, steps, checkpoints, noise)
    return found | {f"step/{name}": found[f"weights/1/{name}"] - origin[name] for name in origin}


def _climb(
    adapter: SideAdapter,
    weights: Weights,
    seed: int,
    steps: int,
    checkpoints: Sequence[int],
    noise: np.random.Generator | None = None,
) -> Weights:
    """Forward, loss, gradients, trajectory and outcome from given weights."""
    found = _forward(adapter, weights) | _losses(adapter, weights)
    adapter.load(weights)
    head = next(_batches(adapter, seed))
    found |= {f"gradients/{name}": array for name, array in adapter.gradients(head).items()}
    found |= _trajectory(adapter, weights, seed, steps, checkpoints, noise)
    return found | {f"outcome/{i}": array for i, array in enumerate(_evaluate(adapter)[1])}


def train(adapter: SideAdapter, *, seed: int, starts: str, steps: int) -> Message:
    """Train from each of the saved starts; test loss and accuracy of each."""
    arrays = load_file(starts)
    builds = sorted({int(name.partition("/")[0]) for name in arrays})
    results = []
    for build in builds:
        adapter.load({name.partition("/")[2]: a for name, a in arrays.items() if name.startswith(f"{build}/")})
        for _, batch in zip(range(steps), _batches(adapter, seed + build), strict=False):
            adapter.step(batch)
        results.append(_evaluate(adapter)[0])
    return {"loss": [row["loss"] for row in results], "accuracy": [row["accuracy"] for row in results]}


def _start(adapter: SideAdapter, path: str) -> Weights:
    """Saved weights in the side's own precision."""
    return {name: array.astype(adapter.dtype) for name, array in load_file(path).items()}


def _batches(adapter: SideAdapter, seed: int) -> Iterator[Batch]:
    """Batches without end: a seeded order for every epoch, the last partial batch kept.

    Those of the last seed stay in memory, up to a limit: the runs of a floor all see the same.
    """
    kept = adapter.kept_batches
    if kept.get("seed") != seed:
        kept.clear()
        kept.update(seed=seed, batches=[], bytes=0)
    yield from kept["batches"]
    made = len(kept["batches"])
    for number, (x, y) in enumerate(_orders(adapter, seed)):
        if number < made:
            continue
        batch = adapter.batch(x, y)
        if number == len(kept["batches"]) and kept["bytes"] < _KEPT_BYTES:
            kept["batches"].append(batch)
            kept["bytes"] += sum(array.nbytes for array in (*x, *y))
        yield batch


def _orders(adapter: SideAdapter, seed: int) -> Iterator[tuple[list[Array], list[Array]]]:
    data, view, epoch = adapter.data, adapter.view, 0
    assert view is not None
    while True:
        order = np.random.default_rng([seed, epoch]).permutation(data.n_train)
        for first in range(0, data.n_train, adapter.batch_size):
            yield data.train(view, order[first : first + adapter.batch_size])
        epoch += 1


def _rows(adapter: SideAdapter, n: int, factor: float = 1.0) -> Batch | None:
    assert adapter.view is not None
    x, y = adapter.data.test(adapter.view, slice(0, n))
    if factor != 1.0:
        if any(item.dtype.kind != "f" for item in x):
            return None
        x = [item * factor for item in x]
    return adapter.batch(x, y)


def _forward(adapter: SideAdapter, weights: Weights) -> Weights:
    """Evaluation mode, on ordinary inputs, on an odd number of them, and on saturating ones."""
    adapter.load(weights)
    cases = {
        "forward": _rows(adapter, _ROWS_FORWARD),
        "forward_odd": _rows(adapter, _ROWS_ODD),
        "forward_saturated": _rows(adapter, _ROWS_FORWARD, SATURATING),
    }
    return {
        f"{case}/{i}": array
        for case, batch in cases.items()
        if batch is not None
        for i, array in enumerate(adapter.forward(batch))
    }


def _losses(adapter: SideAdapter, weights: Weights) -> Weights:
    """Training loss of a batch, of an odd and partial one, and of saturating inputs."""
    cases = {
        "loss": _rows(adapter, adapter.batch_size),
        "loss_odd": _rows(adapter, _ROWS_ODD),
        "loss_saturated": _rows(adapter, adapter.batch_size, SATURATING),
    }
    found = {}
    for case, batch in cases.items():
        if batch is not None:
            adapter.load(weights)
            found[case] = np.array(adapter.loss(batch), dtype=np.float64)
    return found


def _trajectory(
    adapter: SideAdapter,
    weights: Weights,
    seed: int,
    steps: int,
    checkpoints: Sequence[int],
    noise: np.random.Generator | None = None,
) -> Weights:
    """Train and save the weights at the checkpoints and the loss of every step."""
    adapter.load(weights)
    found: Weights = {}
    curve = []
    for step, batch in zip(range(1, steps + 1), _batches(adapter, seed), strict=False):
        curve.append(adapter.number(adapter.step(batch)))
        if step in checkpoints:
            found |= {f"weights/{step}/{name}": array for name, array in adapter.weights().items()}
        if noise is not None:
            adapter.nudge(noise)
    found["curve"] = np.array(curve, dtype=np.float64)
    return found


def _moved(weights: Weights, noise: np.random.Generator) -> Weights:
    """Every element moved to the next number above or below, at random."""
    return {name: _one_ulp(array, noise) for name, array in weights.items()}


def _one_ulp(array: Array, noise: np.random.Generator) -> Array:
    """The same as `np.nextafter` up or down, on the bits, which is many times faster; zero moves up."""
    whole = np.dtype(f"i{array.dtype.itemsize}")
    bits = np.ascontiguousarray(array).view(whole)
    signs = np.unpackbits(np.frombuffer(noise.bytes(-(-array.size // 8)), np.uint8), count=array.size).view(np.int8)
    moves = (2 * signs - 1).astype(whole).reshape(array.shape)
    moves[array == 0] = 1
    moved: Array = (bits + moves).view(array.dtype)
    return moved


def _evaluate(adapter: SideAdapter) -> tuple[Message, list[Array]]:
    """Test loss, accuracy (None where nothing is classes) and the outputs themselves."""
    assert adapter.view is not None
    n = min(adapter.data.n_test, _ROWS_OUTCOME)
    pieces: list[list[Array]] = []
    for first in range(0, n, _CHUNK):
        pieces.append(
            adapter.forward(adapter.batch(*adapter.data.test(adapter.view, slice(first, min(first + _CHUNK, n)))))
        )
    outputs = [np.concatenate(parts) for parts in zip(*pieces, strict=True)]
    judged = outputs, [y[:n] for y in adapter.data.y_test], adapter.data.n_classes
    return {"loss": test_loss(*judged), "accuracy": accuracy(*judged)}, outputs
