"""Where the weights of a side are, and in which layout it takes and gives arrays: known for a side that we wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
Place = Literal["last", "first"]
Operation = tuple[Literal["transpose", "reshape", "flip", "blocks"], tuple[int, ...]]


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
    """

    name: Annotated[str, Field(max_length=300)]
    path: Annotated[str, Field(max_length=300)]
    steps: tuple[Operation, ...] = ()
    part: tuple[int, int, int] | None = None
    trainable: bool = True

    def to_canonical(self, array: Array) -> Array:
        """From the side's array to the canonical weight."""
        if self.part is not None:
            axis, start, stop = self.part
            array = array.take(range(start, stop), axis)
        for name, numbers in self.steps:
            array = _OPERATIONS[name](array, numbers)
        return array

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
}


class WeightMap(_Part):
    """Everything that a proof must know of a written side.

    Args:
        inputs: layout of each input.
        targets: layout of each target.
        outputs: layout of each output.
        weights: every canonical weight.
        zeros: paths of parameters that the task does not know; a proof starts them at zero.
    """

    inputs: tuple[Place, ...]
    targets: tuple[Place, ...]
    outputs: tuple[Place, ...]
    weights: tuple[MappedWeight, ...]
    zeros: tuple[str, ...] = ()
