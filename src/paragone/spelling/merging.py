"""What layers that merge several values of one shape have in common."""

from __future__ import annotations

from typing import Any

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, NoOptions, UnfitError
from paragone.spelling.site import Impossible, Site, Write
from paragone.spelling.spelled import Helper, Note, Spelled
from paragone.task.tensor import Tensor

EXAMPLES = (
    {"shapes": [(7,), (7,)]},
    {"shapes": [(4, 5, 3), (4, 5, 3)]},
    {"shapes": [(4, 5, 3), (1, 1, 3)]},
)
MORE = ({"shapes": [(4, 3), (4, 3), (4, 3)]},)


def broadcast(_options: Any, inputs: tuple[Tensor, ...]) -> Tensor:
    """The shape of a merge: as many axes each, of which those of size 1 are repeated.

    Raises:
        UnfitError: the shapes do not go together.
    """
    shapes = [tensor.shape for tensor in inputs]
    sizes = [{size for size in column if size != 1} for column in zip(*shapes, strict=False)]
    fits = len({len(shape) for shape in shapes}) == 1 and all(len(column) < 2 for column in sizes)
    if not fits or any(tensor.kind != "float" for tensor in inputs):
        received = " and ".join(tensor.words() for tensor in inputs)
        raise UnfitError("floating numbers of one shape, or with axes of size 1 that are repeated", received)
    return Tensor(tuple(max(column, default=1) for column in sizes))


def listed(site: Site) -> str:
    """The inputs between commas."""
    return ", ".join(f"{{{index}}}" for index in range(len(site.inputs)))


def joined(operator: str) -> Write:
    """An operator between the inputs."""
    return lambda site: Spelled(call=f" {operator} ".join(f"{{{index}}}" for index in range(len(site.inputs))))


def keras_merge(layer: str) -> Write:
    """A merging layer of Keras, which takes a list."""
    return lambda site: Spelled(construct(f"layers.{layer}"), f"{{layer}}([{listed(site)}])")


_ADD = Helper(
    "add",
    '''
def add(a, b):
    """The sum of two values, whose axes of size 1 are repeated."""
    return ops.subtract(a, ops.negative(b))
''',
    Note("C11", "Keras may take a smaller value for a bias, and add it along another axis"),
    ("from keras import ops",),
)


def keras_sum(layer: str, after: str = "") -> Write:
    """A merging layer of Keras that adds, or the sum in pairs where shapes differ.

    Args:
        layer: its name.
        after: what is done to the sum in pairs; `{n}` is the number of values.
    """

    def write(site: Site) -> Spelled | Impossible:
        if not site.matched or len({tensor.shape for tensor in site.inputs}) == 1:
            return keras_merge(layer)(site)
        return Spelled(call=in_pairs(site, "add") + after.format(n=len(site.inputs)), helpers=(_ADD,))

    return write


def in_pairs(site: Site, function: str) -> str:
    """A function of two values, applied from the left."""
    call = "{0}"
    for index in range(1, len(site.inputs)):
        call = f"{function}({call}, {{{index}}})"
    return call


def merging(
    name: str,
    computes: str,
    keras: Write,
    torch: Write,
    jax: Write,
    *,
    most: int | None = None,
    rows: tuple[str, ...] = (),
) -> LayerKind:
    """A layer that merges values element by element.

    Args:
        name: as task files call it.
        computes: the formula.
        keras: its spelling there.
        torch: its spelling there.
        jax: its spelling there.
        most: number of inputs, if it is limited.
        rows: rows of the catalogue of traps that it meets.
    """
    examples = EXAMPLES if most == 2 else EXAMPLES + MORE
    return LayerKind(
        name,
        {"tensorflow": Spelling(write=keras), "torch": Spelling(write=torch), "jax": Spelling(write=jax)},
        Entry(computes, NoOptions, broadcast, n_inputs=(2, most), rows=rows, examples=examples),
    )
