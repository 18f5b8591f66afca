"""Operations undone."""

from __future__ import annotations

from paragone.prove.align.slots import Shape, Steps, shape_after
from paragone.sides.weight_map import Operation


def inverted(steps: Steps, shape: Shape) -> Steps:
    """The operations that lead back.

    Args:
        steps: operations that keep every element.
        shape: of the array that they start from.
    """
    back: list[Operation] = []
    for index, (name, numbers) in enumerate(steps):
        before = shape_after(shape, steps[:index])
        if name == "transpose":
            back.append((name, tuple(numbers.index(axis) for axis in range(len(numbers)))))
        elif name == "reshape":
            back.append((name, before))
        elif name == "blocks":
            axis, *order = numbers
            back.append((name, (axis, *(order.index(place) for place in range(len(order))))))
        elif name == "flip":
            back.append((name, numbers))
        else:
            raise ValueError(f"{name} does not keep every element")
    return tuple(reversed(back))
