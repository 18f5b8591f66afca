"""The loss of a built side: recognised by what it gives, told as traits, and changed for an experiment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.frameworks.base import Array, Weights
from paragone.meaning.forms import exchangeable, loss_forms
from paragone.meaning.loss import Meaning, Point, decided, evaluated, meanings, short
from paragone.workers.probes import sharpened

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

Penalty = Mapping[str, tuple[float, float]]
"""Strengths l1 and l2 of the penalty on each weight: l1 · Σ|w| + l2 · Σw²."""

TRAPS: dict[str, tuple[str, str | None]] = {
    "form": ("loss-kind", None),
    "over": ("loss-reduction", "D16"),
    "scale": ("loss-scale", "D10"),
    "smoothing": ("label-smoothing", "D7"),
    "clip": ("probability-clip", "D3"),
    "temperature": ("loss-temperature", None),
    "shift": ("label-offset", None),
    "delta": ("huber-delta", "D9"),
    "broadcast": ("loss-broadcast", "D13"),
    "weights": ("class-weights", "D5"),
    "by_weights": ("class-weights-divisor", "D5"),
    "l1": ("penalty", "D15"),
    "l2": ("penalty", "D15"),
}
"""By trait of a loss: slug and row of the trap that a difference in it is."""

_OPTIONS = ("smoothing", "clip", "delta", "broadcast", "temperature", "shift")
TOLERANCE = {"float64": 1e-9, "float32": 1e-5}
_ROWS = ((0, 7), (7, 14), (3, 8), (11, 18))
_MANY = 60
_SATURATING = 1000.0
_TRIED = 6
"""Meanings that are tried with penalties; each takes some passes of the model."""


@dataclass(frozen=True)
class Known:
    """What was recognised.

    Args:
        meaning: of the loss, without penalties.
        penalty: on the weights.
        moved: the output's class axis stands behind the samples' axis.
    """

    meaning: Meaning
    penalty: Penalty
    moved: bool


class KnownLoss:
    """The loss of a side.

    Args:
        adapter: of the side, built.
    """

    def __init__(self, adapter: SideAdapter):
        self._adapter = adapter
        self._tolerance = TOLERANCE[adapter.dtype]
        self._tried = False
        self._nameless = False
        self._known: Known | None = None

    def recognise(self) -> Known | None:
        """What the loss of the side is, as it was written; found once, or again when weights have names at last."""
        if not self._tried or (self._nameless and self._adapter.map is not None):
            self._tried, self._nameless = True, False
            self._known = self._found()
        return self._known

    def traits(self, line: int | None) -> list[dict[str, Any]]:
        """The traits of the loss; none where it was not recognised."""
        known = self.recognise()
        if known is None:
            return []
        form = loss_forms()[known.meaning.form]
        values = {"form": form.name, **_told(known)}
        fixed = set() if form.takes == "logits" else {"clip", "temperature"}  # the clip spares log(0)
        fixed |= set() if exchangeable(form) else {"form"}
        return [
            {
                **{"where": "loss", "name": name, "value": value, "trap": TRAPS[name][0], "row": TRAPS[name][1]},
                **{"line": line, "settable": name not in fixed and self._adapter.takes_losses},
            }
            for name, value in values.items()
        ]

    def change(self, wanted: Mapping[str, Any]) -> None:
        """Put the loss, with other values of some traits, in the place of the side's own; others are passed over."""
        wanted = {name: value for name, value in wanted.items() if name in TRAPS}
        if not wanted:
            return
        known = self.recognise()
        if known is None:
            raise NotImplementedError("the loss was not recognised, so it cannot be changed")
        meaning = _changed(known.meaning, wanted)
        penalty = _penalty(known.penalty, wanted)
        numbers = self._adapter.numbers

        def compute(outputs: Sequence[Any], targets: Sequence[Any]) -> Any:
            output = numbers.moved(outputs[0]) if known.moved else outputs[0]
            return evaluated(numbers, meaning, output, targets[0])

        self._adapter.replace_loss(compute, penalty)

    # ------------------------------------------------------------------ recognising

    def _found(self) -> Known | None:
        adapter = self._adapter
        if adapter.found.loss is None or adapter.view is None:
            return None
        points = [self._point(slice(*rows)) for rows in _ROWS]
        if any(point is None for point in points):
            return None
        saturated = self._point(slice(*_ROWS[0]), _SATURATING)
        given = [point for point in points if point is not None]
        given_kind = adapter.output_kind()  # probabilities may be taken for logits
        kinds = (given_kind, "logits") if given_kind == "probabilities" else (given_kind,)
        layouts = (False, True) if given[0].output.ndim > 2 else (False,)
        for kind, moved in product(kinds, layouts):
            known = self._with_layout(given, [saturated] if saturated else [], kind, moved=moved)
            if known is not None:
                return known
        return None

    def _with_layout(self, points: list[Point], saturated: list[Point], kind: str, *, moved: bool) -> Known | None:
        given, extreme = ([_moved(p) if moved else p for p in some] for some in (points, saturated))
        for asked in (False, True):  # more points only where these do not tell
            some = self._more(given, moved=moved) if asked else given
            for meaning in islice(meanings(some, extreme, kind, self._tolerance), _TRIED) if some else ():
                known = self._whole(meaning, extreme, given[0].loss, moved=moved)
                if known is not None:
                    return known
        return None

    def _whole(self, meaning: Meaning, saturated: list[Point], size: float, *, moved: bool) -> Known | None:
        """With what saturated outputs tell, and with penalties; None where no penalties explain the constant."""
        penalty: Penalty | None = {}
        if not meaning.constant and (sharp := self._sharp()) is not None:
            meaning = decided(meaning, [*saturated, _moved(sharp) if moved else sharp], self._tolerance)
        if abs(meaning.constant) > self._tolerance * max(1.0, abs(size)):
            penalty = self._penalties(meaning, moved=moved)
        if meaning.by_weights:
            meaning = replace(meaning, weights=self._as_written(meaning.weights))
        return None if penalty is None else Known(replace(meaning, constant=0.0), penalty, moved)

    def _as_written(self, weights: Sequence[float]) -> tuple[float, ...]:
        """Weights of which only the ratios show, as the loss keeps them where it does."""
        kept = getattr(self._adapter.found.loss, "weight", None)
        if kept is not None and np.shape(kept) == (len(weights),):
            written = self._adapter.read(kept).astype(np.float64)
            if np.allclose(written * sum(weights), np.array(weights) * written.sum(), rtol=1e-6):
                return tuple(written.tolist())
        return _normalised(weights)

    def _more(self, points: list[Point], *, moved: bool) -> list[Point]:
        """As many points as weights of classes need; none where there are too many classes."""
        n_classes, n = points[0].output.shape[-1], self._adapter.data.n_train
        if points[0].output.ndim < 2 or n_classes > _MANY:
            return []
        size, rng, classes = min(n, 4 * n_classes), np.random.default_rng(0), self._classes(n)
        rows = [_rich(rng.permutation(n), classes, i % n_classes, size) for i in range(n_classes + 3)]
        found = [self._point(row) for row in rows]
        return [_moved(point) if moved else point for point in found if point is not None]

    def _point(self, rows: Any, factor: float = 1.0) -> Point | None:
        adapter = self._adapter
        assert adapter.view is not None
        x, y = adapter.data.train(adapter.view, rows)
        if len(y) != 1 or len(x[0]) < 2 or (factor != 1.0 and any(item.dtype.kind != "f" for item in x)):
            return None
        outputs, loss = adapter.judged(adapter.batch([item * factor for item in x] if factor != 1.0 else x, y))
        return Point(outputs[0].astype(np.float64), y[0], loss) if len(outputs) == 1 and np.isfinite(loss) else None

    def _classes(self, n: int) -> Array:
        """The class of each sample, where a sample has one; else a class that there is not."""
        adapter = self._adapter
        assert adapter.view is not None
        _, (target, *_) = adapter.data.train(adapter.view, slice(0, n))
        if target.ndim == 2 and target.shape[1] > 1:
            target = target.argmax(-1)
        return target.reshape(-1) if target.size == n else np.full(n, -1)

    def _sharp(self) -> Point | None:
        """Saturated by sharpened kernels, also behind a normalisation."""
        adapter = self._adapter
        start = adapter.weights()
        adapter.put(sharpened(start))
        try:
            return self._point(slice(*_ROWS[0]))
        finally:
            adapter.put(start)

    def _penalties(self, meaning: Meaning, *, moved: bool) -> Penalty | None:
        """The strengths of the penalties: the constant is linear in them, and other weights give other constants."""
        adapter = self._adapter
        start = adapter.weights()
        names = [spot.name for spot in adapter.spots() if spot.trainable]
        self._nameless = not names  # before the side is aligned, where only functions are given them
        if not names or len(names) > _MANY:
            return None
        rng, rows, constants = np.random.default_rng(0), [], []
        plain = replace(meaning, constant=0.0)
        for _ in range(2 * len(names) + 2):
            weights: Weights = {
                name: np.asarray(rng.normal(0.0, rng.uniform(0.05, 0.5), start[name].shape)) for name in names
            }
            adapter.put({**start, **weights})
            point = self._point(slice(*_ROWS[0]))
            if point is None:
                break
            given = _moved(point) if moved else point
            constants.append(given.loss - float(evaluated(_numpy(), plain, given.output, given.target)))
            kept = [weights[name].astype(adapter.dtype) for name in names]
            rows.append([np.abs(w).sum() for w in kept] + [(w * w).sum() for w in kept])
        adapter.put(start)
        if not rows:
            return None
        return _solved(np.array(rows, dtype=np.float64), np.array(constants), names, self._tolerance)


def _numpy() -> Any:
    from paragone.meaning.numpy_numbers import NUMPY

    return NUMPY


def _solved(rows: Array, constants: Array, names: list[str], tolerance: float) -> Penalty | None:
    """Non-negative strengths that give all constants, or None."""
    from scipy.optimize import nnls

    scale = rows.max(0)
    found, _ = nnls(rows / scale, constants)
    strengths = found / scale
    strengths[strengths * scale < 1e-7 * np.abs(constants).max()] = 0.0
    if np.abs(rows @ strengths - constants).max() > 100 * tolerance * max(1.0, np.abs(constants).max()):
        return None
    n = len(names)
    told = [float(f"{value:.6g}") for value in strengths]
    return {name: (told[i], told[n + i]) for i, name in enumerate(names) if told[i] or told[n + i]}


def _rich(order: Array, classes: Array, wanted: int, size: int) -> Array:
    """So many rows in this order, half of them of one class as far as there are any: so each class tells by itself."""
    own = order[classes[order] == wanted][: size // 2]
    return np.concatenate([own, order[~np.isin(order, own)][: size - len(own)]])


def _moved(point: Point) -> Point:
    return replace(point, output=np.moveaxis(point.output, 1, -1))


# ---------------------------------------------------------------------- as traits, and back


def _told(known: Known) -> dict[str, Any]:
    meaning = known.meaning
    form = loss_forms()[meaning.form]
    values: dict[str, Any] = {"over": meaning.over, "scale": meaning.scale}
    if form.smoothed:
        values["smoothing"] = meaning.options.get("smoothing", 0.0)
        values["clip"] = meaning.options.get("clip", 0.0)
    if form.tempered:
        values["temperature"] = meaning.options.get("temperature", 1.0)
    if form.classes:
        values["shift"] = meaning.options.get("shift", 0.0)
    if form.threshold:
        values["delta"] = meaning.options[form.threshold]
    if any("broadcast" in options for options in form.options):
        values["broadcast"] = bool(meaning.options.get("broadcast"))
    if form.classes:
        values["weights"] = ", ".join(f"{weight:.15g}" for weight in meaning.weights) or "none"
        if meaning.weights:
            values["by_weights"] = meaning.by_weights
    return values | {name: _strengths(known.penalty, i) for i, name in enumerate(("l1", "l2"))}


def _normalised(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights of which only the ratios mean something, with a smallest of 1."""
    least = min((weight for weight in weights if weight > 0), default=1.0)
    return tuple(short(weight / least) for weight in weights)


def _strengths(penalty: Penalty, index: int) -> float | str:
    """One number where all kernels have the same; else a table in JSON."""
    table = {name: pair[index] for name, pair in penalty.items() if pair[index]}
    if not table:
        return 0.0
    return json.dumps(table, sort_keys=True)


def _with_form(meaning: Meaning, value: str) -> Meaning:
    """The same number for every place by another form, which is a name, or a table in JSON with its options.

    Raises:
        NotImplementedError: it takes other outputs, or other targets.
    """
    told = json.loads(value) if value.startswith("{") else {"form": value}
    name = told.pop("form")
    found = next((stem for stem, form in loss_forms().items() if form.name == name and exchangeable(form)), None)
    if found is None:
        raise NotImplementedError(f"the loss of this side cannot become a {name}")
    options = {**loss_forms()[found].options[0], **{key: float(one) for key, one in told.items() if key in _OPTIONS}}
    return replace(meaning, form=found, options=options)


def _changed(meaning: Meaning, wanted: Mapping[str, Any]) -> Meaning:
    if "form" in wanted:
        meaning = _with_form(meaning, wanted["form"])
    options = {**meaning.options, **{name: float(wanted[name]) for name in _OPTIONS if name in wanted}}
    options = {name: value for name, value in options.items() if value}
    weights = meaning.weights
    if "weights" in wanted:
        weights = () if wanted["weights"] == "none" else tuple(map(float, str(wanted["weights"]).split(", ")))
    return replace(
        meaning,
        options=options,
        over=wanted.get("over", meaning.over),
        scale=float(wanted.get("scale", meaning.scale)),
        weights=weights,
        by_weights=bool(wanted.get("by_weights", meaning.by_weights)),
    )


def _penalty(penalty: Penalty, wanted: Mapping[str, Any]) -> Penalty:
    tables = []
    for index, name in enumerate(("l1", "l2")):
        value = wanted.get(name, _strengths(penalty, index))
        tables.append(json.loads(value) if isinstance(value, str) else {})
    return {name: (tables[0].get(name, 0.0), tables[1].get(name, 0.0)) for name in {*tables[0], *tables[1]}}


Compute = Callable[[Sequence[Any], Sequence[Any]], Any]
"""A loss of outputs and targets, as the side has them, in a framework's own arrays."""
