"""Random configurations of normalisations, activations, merges and changes of shape."""

from __future__ import annotations

from math import prod
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from paragone.task.graph import entries

Table = SearchStrategy[dict[str, Any]]
EPSILON = st.sampled_from([1e-6, 1e-5, 1e-3, 0.1])
NUMBER = st.sampled_from([-1.3, -0.5, 0.1, 0.3, 0.7, 1.0, 2.5])
ABOVE_ZERO = st.sampled_from([0.1, 0.3, 0.7, 1.0, 2.5])
FLAG = st.booleans()
WIDE = st.sampled_from(["normal", "wide"])
"""How inputs are drawn: many functions have pieces, and normalisations an epsilon, that only some numbers reach."""


def shapes(least: int = 1, most: int = 4, size: int = 5) -> SearchStrategy[list[int]]:
    """Shapes with so many axes."""
    return st.lists(st.integers(1, size), min_size=least, max_size=most)


def table(least: int = 1, most: int = 4, **options: SearchStrategy[Any]) -> Table:
    """A shape and options, each of which may be left out."""
    return st.fixed_dictionaries({"shape": shapes(least, most), "law": WIDE}, optional=options)


def norm(least: int = 1, **options: SearchStrategy[Any]) -> Table:
    """A normalisation."""
    return table(least, epsilon=EPSILON, center=FLAG, scale=FLAG, **options)


def fixed(least: int = 1, most: int = 4, **options: SearchStrategy[Any]) -> Table:
    """A shape and options, all of them said."""
    return st.fixed_dictionaries({"shape": shapes(least, most), "law": WIDE, **options})


@st.composite
def groups(draw: st.DrawFn) -> dict[str, Any]:
    """Groups that divide the channels."""
    found = draw(norm())
    number = draw(st.integers(1, 3))
    return {**found, "groups": number, "shape": [*found["shape"][:-1], number * draw(st.integers(1, 3))]}


@st.composite
def layer_norms(draw: st.DrawFn) -> dict[str, Any]:
    """Over some of the last axes, or all."""
    found = draw(norm())
    return {**found, "last_axes": draw(st.integers(1, len(found["shape"])))}


@st.composite
def merged(draw: st.DrawFn, most: int = 4) -> dict[str, Any]:
    """Shapes that go together: some have axes of size 1."""
    shape = draw(shapes())
    several = [
        [draw(st.sampled_from([size, size, 1])) for size in shape] for _ in range(draw(st.integers(1, most - 1)))
    ]
    return {"shapes": draw(st.permutations([shape, *several]))}


@st.composite
def concatenated(draw: st.DrawFn) -> dict[str, Any]:
    """Shapes that differ in one axis."""
    shape = draw(shapes(size=4))
    place = draw(st.integers(0, len(shape) - 1))
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    axis = draw(st.sampled_from([place + 1, place - len(shape)]))
    return {"shapes": [[*shape[:place], size, *shape[place + 1 :]] for size in sizes], "axis": axis}


@st.composite
def dotted(draw: st.DrawFn) -> dict[str, Any]:
    """Two vectors or two sequences."""
    size = draw(st.integers(1, 12))
    if draw(st.integers(0, 9)) == 0:
        return {"shapes": [[size], [size]]}
    return {"shapes": [[draw(st.integers(1, 7)), size] for _ in range(2)]}


@st.composite
def reduced(draw: st.DrawFn) -> dict[str, Any]:
    """Some axes of a shape; something is left for the head."""
    shape = draw(shapes(2))
    axes = draw(st.lists(st.integers(1, len(shape)), min_size=1, max_size=len(shape) - 1, unique=True))
    named = [draw(st.sampled_from([axis, axis - len(shape) - 1])) for axis in axes]
    return {"shape": shape, "axis": named[0] if len(named) == 1 else named, "keepdims": draw(FLAG)}


@st.composite
def reshaped(draw: st.DrawFn) -> dict[str, Any]:
    """A shape made of the same factors, one of them perhaps left open."""
    shape = draw(shapes())
    wanted = list(draw(st.permutations(shape)))
    if len(wanted) > 1 and draw(FLAG):
        wanted = [wanted[0] * wanted[1], *wanted[2:]]
    elif draw(FLAG):
        wanted.insert(draw(st.integers(0, len(wanted))), 1)
    assert prod(wanted) == prod(shape)
    if draw(FLAG):
        wanted[draw(st.integers(0, len(wanted) - 1))] = -1
    return {"shape": shape, "target_shape": wanted}


@st.composite
def permuted(draw: st.DrawFn) -> dict[str, Any]:
    """Any order of the axes."""
    shape = draw(shapes())
    return {"shape": shape, "axes": draw(st.permutations(range(1, len(shape) + 1)))}


FUNCTIONS: dict[str, Table] = {
    name: table() for name, kind in entries().items() if kind.entry is not None and kind.entry.function
}

STRATEGIES: dict[str, Table] = {
    **FUNCTIONS,
    "gelu": table(approximate=FLAG),
    "elu": table(alpha=ABOVE_ZERO),
    "celu": table(alpha=ABOVE_ZERO),
    "hard_shrink": table(threshold=ABOVE_ZERO),
    "soft_shrink": table(threshold=ABOVE_ZERO),
    "squareplus": table(b=ABOVE_ZERO),
    "threshold": fixed(threshold=NUMBER, value=NUMBER),
    "leaky_relu": table(slope=ABOVE_ZERO),
    "prelu": table(per_channel=FLAG, start=NUMBER),
    "glu": table().map(lambda found: {**found, "shape": [*found["shape"][:-1], 2 * found["shape"][-1]]}),
    "batch_norm": norm(momentum=st.sampled_from([0.0, 0.3, 0.9, 0.99])),
    "layer_norm": layer_norms(),
    "group_norm": groups(),
    "instance_norm": norm(2),
    "rms_norm": table(epsilon=EPSILON),
    "l2_normalize": table(),
    "dropout": fixed(rate=st.sampled_from([0.0, 0.1, 0.5, 0.9])),
    "spatial_dropout": fixed(2, rate=st.sampled_from([0.0, 0.1, 0.5, 0.9])),
    "scale": st.fixed_dictionaries({"shape": shapes(), "factor": NUMBER}, optional={"offset": NUMBER}),
    "sum": reduced(),
    "mean": reduced(),
    "reshape": reshaped(),
    "permute": permuted(),
    "concatenate": concatenated(),
    "add": merged(),
    "subtract": merged(2),
    "multiply": merged(),
    "average": merged(),
    "maximum": merged(),
    "minimum": merged(),
    "dot": dotted(),
}
