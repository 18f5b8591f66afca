"""The run's data inside a worker: the training and test arrays, and the forms in which a side may want them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from paragone.workers.probes import without_padding

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class View:
    """A form of the data: how inputs and targets are given to a side."""

    name: str
    inputs: str
    target: str = "as given"

    def with_targets(self, target: str) -> View:
        """The same inputs with another form of targets."""
        return replace(self, target=target)


class DataSet:
    """The arrays of `data.safetensors`.

    Args:
        path: file with x (or x0, x1, …), y, and the same with `_test`; its metadata carry kind, views and classes.
    """

    def __init__(self, path: Path):
        from safetensors import safe_open

        with safe_open(path, framework="numpy") as opened:
            meta = opened.metadata() or {}
            arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 (it is no dict)
        self.kind = str(meta.get("kind", "classification"))
        self.declared_views = tuple(json.loads(meta.get("views", "[]")))
        n_classes = json.loads(meta.get("n_classes", "null"))
        self.n_classes = None if n_classes is None else int(n_classes)
        self._x, self._y = _series(arrays, "x", ""), _series(arrays, "y", "")
        self._x_test, self._y_test = _series(arrays, "x", "_test"), _series(arrays, "y", "_test")

    @property
    def n_train(self) -> int:
        """Samples to train on."""
        return len(self._x[0])

    @property
    def n_test(self) -> int:
        """Samples to test on."""
        return len(self._x_test[0])

    @property
    def y_test(self) -> list[Array]:
        """Test targets as they came."""
        return self._y_test

    def shapes(self) -> str:
        """The shapes of the inputs, samples first, in words."""
        return " and ".join(str(tuple(x.shape)) for x in self._x)

    def target_shapes(self) -> str:
        """The shapes of the targets, samples first, in words."""
        return " and ".join(str(tuple(y.shape)) for y in self._y)

    def sample_shapes(self, view: View) -> str:
        """The shapes of one sample in a view, in words."""
        return " and ".join(str(tuple(x.shape[1:])) for x in self.inputs_in(view.inputs) or ())

    def train(self, view: View, rows: slice | Array) -> tuple[list[Array], list[Array]]:
        """Training rows in a view."""
        return self._in(view, self._x, self._y, rows)

    def test(self, view: View, rows: slice | Array) -> tuple[list[Array], list[Array]]:
        """Test rows in a view."""
        return self._in(view, self._x_test, self._y_test, rows)

    def probe(
        self, view: View, rows: slice | Array, change: Callable[[list[Array]], list[Array] | None]
    ) -> tuple[list[Array], list[Array]] | None:
        """Test rows in a view, the inputs changed before; None where the change does not apply."""
        x = change([item[rows] for item in self._x_test])
        return None if x is None else self._in(view, x, [item[rows] for item in self._y_test], slice(None))

    def noisy(self, view: View, rows: slice, seed: int) -> tuple[list[Array], list[Array]]:
        """Test rows in a view; floating inputs have noise as large as they spread, whole numbers have no padding.

        In sequences of whole numbers the smallest other number stands for 0, which may be masked on one side alone.
        """
        noise = np.random.default_rng(seed)
        x = [
            item[rows] + noise.normal(size=item[rows].shape) * (item.std() or 1.0)
            if item.dtype.kind == "f"
            else without_padding(item)
            for item in self._x_test
        ]
        return self._in(view, x, self._y_test, rows)

    def _in(self, view: View, x: list[Array], y: list[Array], rows: slice | Array) -> tuple[list[Array], list[Array]]:
        inputs = [_INPUTS[form](item[rows]) for form, item in zip(each_form(view.inputs, len(x)), x, strict=True)]
        wanted = zip(each_form(view.target, len(y)), y, strict=True)
        return inputs, [_target(form, item[rows], self.n_classes) for form, item in wanted]

    def inputs_in(self, inputs: str) -> list[Array] | None:
        """One sample of the inputs in a form, or None where the form does not apply."""
        try:
            return [_INPUTS[form](x[:1]) for form, x in zip(each_form(inputs, len(self._x)), self._x, strict=True)]
        except ValueError:
            return None


def each_form(forms: str, n: int) -> list[str]:
    """The form of each array: one for all, or one for each with `;` between them."""
    parts = forms.split("; ")
    return parts * n if len(parts) == 1 else parts


def _channels_first(x: Array) -> Array:
    if x.ndim < 3:
        raise ValueError("no channel axis")
    # A fresh copy: with one channel NumPy calls the moved array contiguous as it is, and PyTorch reads its strides as
    # channels last, in which `view` after a convolution fails.
    return np.moveaxis(x, -1, 1).copy(order="C")


def _without_channel(x: Array) -> Array:
    if x.ndim < 4 or x.shape[-1] != 1:
        raise ValueError("no single channel")
    return x[..., 0]


def _flat(x: Array) -> Array:
    if x.ndim < 3:
        raise ValueError("flat already")
    return x.reshape(len(x), -1)


_SEQUENCE, _IMAGE = 3, 4
"""So many axes they have, samples among them."""
_MOST_VIEWS = 16
_INPUTS = {
    "as given": lambda x: x,
    "channels first": _channels_first,
    "without the channel axis": _without_channel,
    "flat": _flat,
}


def views(data: DataSet, framework: str) -> Iterator[View]:
    """The forms to try on a side, likeliest first. `flat` is tried only where the data declares it.

    Of several inputs each may have another form: images channels first beside a vector as it is.
    """
    sample = data.inputs_in("as given") or []
    forms = [[form for form in _order(data, framework, x) if _applies(form, x)] for x in sample]
    ranked = sorted(product(*(enumerate(one) for one in forms)), key=lambda chosen: sum(rank for rank, _ in chosen))
    for chosen in ranked[:_MOST_VIEWS]:
        names = [form for _, form in chosen]
        inputs = names[0] if len(set(names)) == 1 else "; ".join(names)
        yield View(inputs, inputs)


def _order(data: DataSet, framework: str, sample: Array) -> list[str]:
    """The forms of one input, likeliest first."""
    order = ["as given", "without the channel axis"]
    if framework == "torch":
        order.insert(0 if sample.ndim >= _IMAGE else 1, "channels first")
    return [*order, "flat"] if "flat" in data.declared_views else order


def _applies(form: str, x: Array) -> bool:
    try:
        _INPUTS[form](x)
    except ValueError:
        return False
    return True


def targets(data: DataSet, output_shapes: Sequence[tuple[int, ...]]) -> list[str]:
    """The forms of the targets to try, likeliest first: a column where the output is one, as its axes lie."""
    columns = any(len(shape) == 2 and shape[1] == 1 for shape in output_shapes)
    one_axis = any(y.ndim == 1 for y in data.y_test)
    forms = ["as given", "as given, as numbers"]
    if columns and one_axis:
        forms = ["column", *forms]
    if data.n_classes is not None and one_axis:
        forms.append("one-hot")
    places = [_place(y, output_shapes) for y in data.y_test]
    if any(place != "as given" for place in places):
        forms.insert(0, places[0] if len(places) == 1 else "; ".join(places))
    return forms


def _place(y: Array, output_shapes: Sequence[tuple[int, ...]]) -> str:
    """Channels first, where an output of that shape is there and none of the target's own."""
    own, moved = y.shape[1:], (*y.shape[-1:], *y.shape[1:-1])
    shapes = {shape[1:] for shape in output_shapes}
    return "channels first" if y.ndim >= _SEQUENCE and moved in shapes and own not in shapes else "as given"


def _target(form: str, y: Array, n_classes: int | None) -> Array:
    if form == "as given":
        return y
    if form == "channels first":
        return _channels_first(y)
    if form == "column":
        return (y[:, None] if y.ndim == 1 else y).astype(np.float64)
    if form == "one-hot":
        return np.eye(n_classes or 1)[y]
    return y.astype(np.float64)


def _series(arrays: dict[str, Array], letter: str, suffix: str) -> list[Array]:
    if letter + suffix in arrays:
        return [arrays[letter + suffix]]
    found: list[Array] = []
    while (name := f"{letter}{len(found)}{suffix}") in arrays:
        found.append(arrays[name])
    return found
