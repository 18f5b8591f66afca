"""Sides that are functions of NumPy arrays: what a worker would say of them and give, without a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.prove.align.arranged import arranged
from paragone.prove.align.pair import AlignedPair, align_pair
from paragone.prove.laboratory import Laboratory
from paragone.prove.subject import Subject
from paragone.sides.weight_map import WeightMap
from paragone.trials import Trial

from ..subjects import make_subject

Array = np.ndarray[Any, Any]
Model = Callable[[Mapping[str, Array], Array], Sequence[Array]]
ROWS, FEATURES = 9, 6


def row(path: str, shape: tuple[int, ...], **more: Any) -> dict[str, Any]:
    """What a worker says of one parameter."""
    about: dict[str, Any] = {
        "buffer": False,
        "frozen": False,
        "line": None,
        "flattened": [],
        "layer": "",
        "kind": "",
        "role": "",
    }
    about |= {"output_first": False, "turned": False, "used": True, "constant": False, "shared": [], "owner": "Net"}
    return {**about, "path": path, "attribute": path.rpartition(".")[2], "shape": list(shape), **more}


@dataclass
class NumpySide:
    """One side.

    Args:
        name: of the side.
        rows: its parameters, as a worker would say them.
        model: from parameters and inputs to outputs.
        output: what its outputs are.
        gradients: of its loss, by path.
        weights: shapes of its weights by name, where its layers are known.
    """

    name: str
    rows: list[dict[str, Any]]
    model: Model
    output: str = "values"
    gradients: dict[str, Array] = field(default_factory=dict)
    weights: dict[str, list[int]] = field(default_factory=dict)
    now: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = {item["path"]: np.ones(item["shape"]) for item in self.rows}

    def outputs(self, seed: int) -> list[Array]:
        x = np.random.default_rng(seed).normal(size=(ROWS, FEATURES))
        return [np.asarray(one, dtype=float) for one in self.model(self.now, x)]

    def subject(self) -> Subject:
        weights = self.weights or {f"custom_1/{item['path']}": item["shape"] for item in self.rows}
        return make_subject(self.name, weights=weights, output=self.output)


@dataclass
class NumpyLab:
    """A laboratory of such sides."""

    sides: dict[str, NumpySide]
    maps: dict[str, WeightMap] = field(default_factory=dict)
    asked: int = 0

    def direct(self, side: str, op: str, dtype: str = "float64", **arguments: Any) -> dict[str, Any]:
        one = self.sides[side]
        if op == "parameters":
            outputs = [list(item.shape[1:]) for item in one.outputs(0)]
            return {"parameters": one.rows, "outputs": outputs, "output_dtype": dtype}
        assert op == "outputs_with"
        self.asked += 1
        changes = load_file(arguments["given"])
        assert all(changes[path].shape == one.now[path].shape for path in changes)
        one.now |= changes
        found = {f"output/{i}": np.ascontiguousarray(a) for i, a in enumerate(one.outputs(arguments["seed"]))}
        if arguments["gradients"]:
            found |= {f"gradient/{path}": array for path, array in one.gradients.items()}
        save_file(found, arguments["out"])
        return {}

    def remembered(self, _what: str, _sides: Any, _given: Any, work: Callable[[], Any]) -> Any:
        return work()

    def adopt(self, side: str, weight_map: str) -> None:
        self.maps[side] = WeightMap.model_validate_json(weight_map)

    def all(self, wanted: Mapping[Any, Any]) -> dict[Any, Trial]:
        return {key: Trial(self.said(one.side)) for key, one in wanted.items()}

    def said(self, name: str) -> dict[str, Any]:
        arrays = {item["path"]: np.ones(item["shape"]) for item in self.sides[name].rows}
        weights = {w.name: list(w.to_canonical(arrays[w.path]).shape) for w in self.maps[name].weights}
        return {**self.sides[name].subject().said, "weights": weights, "layers": []}

    def load(self, name: str, weights: Mapping[str, Array]) -> list[Array]:
        """The outputs of a side that starts from canonical weights, as its map says."""
        side, known = self.sides[name], self.maps[name]
        for weight in known.weights:
            side.now[weight.path] = weight.into(side.now[weight.path], weights[weight.name])
        side.now |= {path: np.zeros_like(side.now[path]) for path in known.zeros}
        return side.outputs(3)

    @property
    def laboratory(self) -> Laboratory:
        """As the stages take it."""
        return cast(Laboratory, self)


def lab_of(*sides: NumpySide) -> NumpyLab:
    return NumpyLab({side.name: side for side in sides})


def weights_for(subject: Subject, seed: int = 5) -> dict[str, Array]:
    """Random canonical weights."""
    noise = np.random.default_rng(seed)
    return {name: noise.random(shape) + 0.2 for name, shape in subject.signature}


def pair_of(a: NumpySide, b: NumpySide) -> AlignedPair:
    """What alignment makes of two sides."""
    lab = lab_of(a, b)
    first, second = (arranged(side.subject(), lab.laboratory, 0) for side in (a, b))
    return align_pair(first, second, lab.laboratory, 0, None)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))
