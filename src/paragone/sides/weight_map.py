"""Where the weights of a side are, and in which layout it takes and gives arrays.

It is known for a side that we wrote, and found for a user's side by `paragone.prove.align`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
Place = Literal["last", "first"]
Operation = tuple[Literal["transpose", "reshape", "flip", "blocks", "slice"], tuple[int, ...]]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MappedWeight(_Part):
    """One canonical weight in a side's model.

    Args:
        name: `layer/role`.
        path: dotted attributes from the model to the tensor; the first is a layer's name.
        steps: operations that bring the side's array to the canonical layout.
        part: (axis, start, stop) where it is only a part of the side's array.
        trainable: False for a running statistic.
        plus: paths of further arrays of the same form, whose sum with this one is the canonical weight; a proof
            starts them at zero.
    """

    name: Annotated[str, Field(max_length=300)]
    path: Annotated[str, Field(max_length=300)]
    steps: tuple[Operation, ...] = ()
    part: tuple[int, int, int] | None = None
    trainable: bool = True
    plus: tuple[str, ...] = ()

    def to_canonical(self, array: Array) -> Array:
        """From the side's array to the canonical weight."""
        if self.part is not None:
            axis, start, stop = self.part
            array = array.take(range(start, stop), axis)
        return applied(array, self.steps)

    def into(self, array: Array, canonical: Array) -> Array:
        """The side's array with this weight in it; the rest as it was."""
        import numpy as np

        piece = self.to_canonical(np.arange(array.size).reshape(array.shape))
        changed = array.astype(np.result_type(array, canonical)).reshape(-1).copy()
        changed[piece.reshape(-1)] = canonical.reshape(-1)
        return changed.reshape(array.shape)


def _flip(array: Array, axes: tuple[int, ...]) -> Array:
    import numpy as np

    return np.flip(array, axes)


def _blocks(array: Array, numbers: tuple[int, ...]) -> Array:
    import numpy as np

    axis, *order = numbers
    parts = np.split(array, len(order), axis)
    return np.concatenate([parts[index] for index in order], axis)


_OPERATIONS: dict[str, Callable[[Array, tuple[int, ...]], Array]] = {
    "transpose": lambda array, axes: array.transpose(axes),
    "reshape": lambda array, shape: array.reshape(shape),
    "flip": _flip,
    "blocks": _blocks,
    "slice": lambda array, numbers: array.take(range(numbers[1], numbers[2]), numbers[0]),
}


def applied(array: Array, steps: tuple[Operation, ...]) -> Array:
    """What operations make of an array."""
    for name, numbers in steps:
        array = _OPERATIONS[name](array, numbers)
    return array


def parent_of(path: str) -> str:
    """What a parameter is a part of, by its native path: `layers.0` of `layers.0.bias`, `dense` of `dense/bias`."""
    return path[: max(path.rfind("."), path.rfind("/"), 0)]


class WeightMap(_Part):
    """Everything that a proof must know of where a side keeps what.

    Args:
        inputs: layout of each input; none for a user's side, whose view of the data is found by trying.
        targets: layout of each target.
        outputs: layout of each output; none where they are taken as they come.
        weights: every canonical weight.
        zeros: paths of parameters that the task does not know; a proof starts them at zero.
        weighing: numbers of the targets that weigh samples and are not learned.
        sample_weight: number of the one among them that the side's framework takes beside the targets.
        order: which of the side's outputs are the first, second, … canonical one; none where they are as they come.
    """

    inputs: tuple[Place, ...] = ()
    targets: tuple[Place, ...] = ()
    outputs: tuple[Place, ...] = ()
    weights: tuple[MappedWeight, ...]
    zeros: tuple[str, ...] = ()
    weighing: tuple[int, ...] = ()
    sample_weight: int | None = None
    order: tuple[int, ...] = ()

    @property
    def written(self) -> bool:
        """Whether it is of a side that we wrote; then paths start with the name of a layer."""
        return bool(self.inputs)
