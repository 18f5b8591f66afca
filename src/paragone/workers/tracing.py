"""The rungs of the ladder on one side alone: what comes out is compared by the orchestrator, not here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from paragone.distance import gap
from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import SideAdapter
from paragone.mapped import mapped
from paragone.spool import spool
from paragone.workers import probes
from paragone.workers.channel import Message
from paragone.workers.outcome import accuracy, test_loss
from paragone.workers.repeats import check_repeats
from paragone.workers.sampling import sampled

_BEFORE, _AFTER, _SLOWER = 3, 3, 0.1
_LONGEST = 240
_ROWS_OUTCOME = 4096
_CHUNK = 512
_KEPT_BYTES = 256 * 2**20


Named = Iterator[tuple[str, Array]]
"""Arrays by name, each read before the next one is asked for."""


def draw(adapter: SideAdapter, builds: int, seed: int, out: Path, most: int = 0) -> Message:
    """Starting weights of several builds, each with a seed of its own, as `build/name`.

    The first is whole; of the others only `most` elements of each tensor are kept, where that is not 0.
    """
    spool(_drawn(adapter, builds, seed, most), out)
    return {"builds": builds}


def _drawn(adapter: SideAdapter, builds: int, seed: int, most: int) -> Named:
    for build in range(builds):
        adapter.build(seed + build)
        for name, array in adapter.weights_lazily().items():
            yield f"{build}/{name}", sampled(array, most) if build and most else array


def trace(
    adapter: SideAdapter,
    *,
    seed: int,
    start: str,
    steps: int,
    checkpoints: Sequence[int],
    rungs: Sequence[str],
    out: str,
    layers: bool = False,
    probe: bool = False,
    repeats: bool = True,
    left_out: Sequence[str] = (),
) -> Message:
    """Climb the rungs that were asked for, from given weights.

    With `layers` also what each layer with weights gives for one sample, in order of size: two sides that compute the
    same give the same, whatever their layouts. A `probe` of a changed side leaves out what is asked of the side as it
    is written: the step on a partial batch. With `repeats` it is asked whether the side gives the same twice. Inputs in
    `left_out` are not tried.

    Raises:
        SideError: the side draws at random on the ladder.
    """
    weights = _start(adapter, start)
    climb = Climb(adapter, seed, steps, checkpoints, rungs, partial=not probe, left_out=left_out)
    spool(chain(climb.from_weights(weights), _layers(adapter, weights) if layers else ()), Path(out))
    if repeats and not probe:
        check_repeats(adapter, weights, rungs)
    return {"steps": steps, "refused": climb.refused, "output": adapter.output_became}


def _layers(adapter: SideAdapter, weights: Weights) -> Named:
    adapter.load(weights)
    assert adapter.view is not None
    values = _layer_values(adapter, adapter.head(adapter.view))
    yield from ((f"layers/{name}", array) for name, array in values.items())


def _layer_values(adapter: SideAdapter, batch: Batch) -> Weights:
    """What each layer with weights gives for the first sample, in order of size."""
    names = {layer.key: layer.name for layer in adapter.layers if layer.spelling.weights}
    with adapter.sites.observed() as seen:
        adapter.run_once(batch)
    given = [(names[one.key], one.gave) for one in seen if one.key in names and one.gave]
    return {name: np.frombuffer(values, adapter.dtype) for name, values in given}


def floor(
    adapter: SideAdapter,
    *,
    seed: int,
    start: str,
    steps: int,
    checkpoints: Sequence[int],
    rungs: Sequence[str],
    runs: int,
    left_out: Sequence[str] = (),
) -> Message:
    """Drift from the undisturbed run, of `runs` runs whose weights are moved by one ulp at the start and at every step.

    Gives a row a run: the distance of every tensor of every rung from that of the undisturbed run.
    """
    weights = _start(adapter, start)
    climb = Climb(adapter, seed, steps, checkpoints, rungs, left_out=left_out)
    calm = _ways(dict(climb.from_weights(weights)), weights)
    band = np.zeros(steps)
    rows: list[dict[str, float]] = []
    for run in range(runs):
        noise = np.random.default_rng([seed, run])
        noisy = _ways(dict(climb.from_weights(moved(weights, noise), noise)), weights)
        if steps:
            band = np.maximum(band, np.abs(noisy.pop("curve") - calm["curve"]))
        rows.append({name: gap(array, calm[name]).max_rel for name, array in noisy.items() if name in calm})
    return {"rows": rows, "band": band.tolist()}


def _ways(found: Weights, origin: Weights) -> Weights:
    """With the ways that the weights went from the common origin, which is what the rung `step` compares."""
    ways = {
        f"{way}/{name}": found[f"{place}/{name}"] - origin[name]
        for place, way in probes.WAYS.items()
        for name in origin
        if f"{place}/{name}" in found
    }
    return found | ways


class Climb:
    """The ladder on one side.

    Args:
        adapter: the built side.
        seed: orders the batches.
        steps: training steps; 0 trains nothing.
        checkpoints: steps after which the weights are kept.
        rungs: what is climbed.
        partial: also a step on a batch that is not full.
        left_out: cases of `probes.FORWARD` that are not tried.
    """

    def __init__(
        self,
        adapter: SideAdapter,
        seed: int,
        steps: int,
        checkpoints: Sequence[int],
        rungs: Sequence[str],
        *,
        partial: bool = True,
        left_out: Sequence[str] = (),
    ):
        self._adapter = adapter
        self._seed = seed
        self._steps = steps
        self._checkpoints = checkpoints
        self._rungs = frozenset(rungs)
        self._takes_partial = partial
        self._left_out = frozenset(left_out)
        self.refused: dict[str, str] = {}

    def from_weights(self, weights: Weights, noise: np.random.Generator | None = None) -> Named:
        """What each rung compares; `noise` moves the weights after every step."""
        parts: dict[str, Callable[[], Named]] = {
            "forward": lambda: self._forward(weights),
            "loss": lambda: self._losses(weights),
            "gradients": lambda: self._gradients(weights),
            "step": lambda: self._partial(weights),
            "rate-change": lambda: self._rate_change(weights, noise),
            probes.OF_PARTIAL: lambda: self._partial_gradients(weights),
        }
        for rung, part in parts.items():
            if rung in self._rungs:
                yield from part()
        if self._steps:
            yield from self._trajectory(weights, noise)
        if "outcome" in self._rungs:
            yield from _named("outcome", enumerate(evaluate(self._adapter)[1]))

    def _forward(self, weights: Weights) -> Named:
        """Evaluation mode, on ordinary inputs and on the probes that the side accepts."""
        self._adapter.load(weights)
        for case, (rows, change) in probes.FORWARD.items():
            if case in self._left_out or case in self.refused:
                continue
            batch = rows_of(self._adapter, rows, change)
            if batch is not None:
                yield from _named(case, enumerate(self._tried(case, batch)))

    def _tried(self, case: str, batch: Batch) -> list[Array]:
        """The outputs; nothing where the side refuses what it need not accept."""
        if case == "forward":
            return self._adapter.forward(batch)
        try:
            return self._adapter.forward(batch)
        except Exception as error:
            lines = str(error).strip().splitlines()
            self.refused[case] = f"{type(error).__name__}: {lines[0]}"[:_LONGEST] if lines else type(error).__name__
            return []

    def _losses(self, weights: Weights) -> Named:
        """Training loss of a batch and of the probes."""
        for case, (rows, change) in probes.LOSS.items():
            batch = rows_of(self._adapter, rows or self._adapter.batch_size, change)
            if batch is not None:
                yield case, self._loss(weights, batch)
        batch = rows_of(self._adapter, probes.ROWS_ODD, None)
        assert batch is not None
        sharp = self._loss(probes.sharpened(weights), batch)
        if np.isfinite(sharp):
            yield probes.SHARP, sharp

    def _loss(self, weights: Mapping[str, Array], batch: Batch) -> Array:
        self._adapter.load(weights)
        return np.array(self._adapter.loss(batch), dtype=np.float64)

    def _gradients(self, weights: Weights) -> Named:
        self._adapter.load(weights)
        head = next(batches_of(self._adapter, self._seed))
        yield from _named("gradients", self._adapter.gradients(head).items())
        yield from _named(probes.OF_LOSS, self._adapter.of_loss.items())

    def _partial(self, weights: Weights) -> Named:
        """One step on a batch that is not full, as the last of an epoch is (row F10)."""
        adapter = self._adapter
        if self._takes_partial:
            adapter.load(weights)
            adapter.number(adapter.step(self._partial_batch()))
            yield from _named("partial", adapter.weights_lazily().items())

    def _partial_gradients(self, weights: Weights) -> Named:
        self._adapter.load(weights)
        yield from _named("gradients", self._adapter.gradients(self._partial_batch()).items())

    def _partial_batch(self) -> Batch:
        adapter = self._adapter
        assert adapter.view is not None
        return adapter.batch(*adapter.data.train(adapter.view, slice(0, probes.partial_rows(adapter.batch_size))))

    def _rate_change(self, weights: Weights, noise: np.random.Generator | None) -> Named:
        """A few steps at the side's learning rate and a few at a tenth of it (row E7)."""
        adapter = self._adapter
        adapter.load(weights)
        batches = batches_of(adapter, self._seed)
        self._train(_BEFORE, batches, noise)
        with adapter.slower(_SLOWER) as changed:
            if changed:
                self._train(_AFTER, batches, noise)
                yield from _named("rate_change", adapter.weights_lazily().items())

    def _train(self, steps: int, batches: Iterator[Batch], noise: np.random.Generator | None) -> None:
        for _, batch in zip(range(steps), batches, strict=False):
            self._adapter.number(self._adapter.step(batch))
            if noise is not None:
                self._adapter.nudge(noise)

    def _trajectory(self, weights: Weights, noise: np.random.Generator | None) -> Named:
        """Train; keep the weights at the checkpoints, the loss of every step, and what the first step leaves."""
        adapter = self._adapter
        adapter.load(weights)
        curve, rates = [], []
        for step, batch in zip(range(1, self._steps + 1), batches_of(adapter, self._seed), strict=False):
            if noise is None:
                rates.append(adapter.learning_rate(step - 1))
            curve.append(adapter.number(adapter.step(batch)))
            if step in self._checkpoints:
                yield from _named(f"weights/{step}", adapter.weights_lazily().items())
            if step == 1 and "step" in self._rungs:
                yield from self._after_one_step()
            if noise is not None:
                adapter.nudge(noise)
        yield "curve", np.array(curve, dtype=np.float64)
        if rates and all(rate is not None for rate in rates):
            yield "rates", np.array(rates, dtype=np.float64)

    def _after_one_step(self) -> Named:
        """The optimizer's state, and the outputs in evaluation mode, which take the running statistics."""
        adapter = self._adapter
        yield from _named("state", adapter.known_optimizer.state())
        batch = rows_of(adapter, probes.ROWS, None)
        assert batch is not None
        yield from _named("evaluated", enumerate(adapter.forward(batch)))


def _named(place: str, arrays: Iterable[tuple[object, Array]]) -> Named:
    """Arrays with the place that they have in a trace before their names."""
    return ((f"{place}/{name}", array) for name, array in arrays)


def train(adapter: SideAdapter, *, seed: int, starts: str, steps: int) -> Message:
    """Train from each of the saved starts; test loss, accuracy and training loss of each."""
    arrays = load_file(starts)
    builds = sorted({int(name.partition("/")[0]) for name in arrays})
    results = []
    for build in builds:
        adapter.load({name.partition("/")[2]: a for name, a in arrays.items() if name.startswith(f"{build}/")})
        curve = [adapter.number(adapter.step(batch)) for batch in islice(batches_of(adapter, seed + build), steps)]
        results.append({**evaluate(adapter)[0], "training_loss": _last_epoch(adapter, curve)})
    return {name: [row[name] for row in results] for name in ("loss", "accuracy", "training_loss")}


def _last_epoch(adapter: SideAdapter, curve: Sequence[float]) -> float | None:
    """Mean training loss over the last epoch, or over all steps where there are fewer; None where a step gives none."""
    last = curve[-max(1, -(-adapter.data.n_train // adapter.batch_size)) :]
    mean = float(np.mean(last))
    return None if np.isnan(mean) else mean


def _start(adapter: SideAdapter, path: str) -> Weights:
    """Saved weights in the side's own precision."""
    return {name: array.astype(adapter.dtype, copy=False) for name, array in mapped(Path(path)).items()}


def batches_of(adapter: SideAdapter, seed: int) -> Iterator[Batch]:
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


def rows_of(adapter: SideAdapter, n: int, change: probes.Change | None) -> Batch | None:
    """The first test samples, changed; None where the change does not apply."""
    assert adapter.view is not None
    if change is None:
        return adapter.batch(*adapter.data.test(adapter.view, slice(0, n)))
    changed = adapter.data.probe(adapter.view, slice(0, n), change)
    return None if changed is None else adapter.batch(*changed)


def moved(weights: Weights, noise: np.random.Generator) -> Weights:
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


def test_targets(adapter: SideAdapter, n: int) -> list[Array]:
    """The first targets of the test set, as the data has them, without weights of samples."""
    weighing = adapter.map.weighing if adapter.map else ()
    return [y[:n] for number, y in enumerate(adapter.data.y_test) if number not in weighing]


def evaluate(adapter: SideAdapter) -> tuple[Message, list[Array]]:
    """Test loss, accuracy (None where nothing is classes) and the outputs themselves."""
    assert adapter.view is not None
    n = min(adapter.data.n_test, _ROWS_OUTCOME)
    pieces: list[list[Array]] = []
    for first in range(0, n, _CHUNK):
        pieces.append(
            adapter.forward(adapter.batch(*adapter.data.test(adapter.view, slice(first, min(first + _CHUNK, n)))))
        )
    outputs = [np.concatenate(parts) for parts in zip(*pieces, strict=True)]
    judged = outputs, test_targets(adapter, n), adapter.data.n_classes
    return {"loss": test_loss(*judged), "accuracy": accuracy(*judged)}, outputs
