"""Gates that stand side by side in the arrays of a recurrent layer."""

from __future__ import annotations

from collections.abc import Sequence

from paragone.prove.align.slots import Slot


def gates_of(slot: Slot, slots: Sequence[Slot]) -> tuple[int, int]:
    """How many gates stand side by side in an array, and on an axis of what length.

    A recurrent layer has two kernels, from the inputs and from the state, whose axes of gates are as long and stand at
    the same place; the other axis of the second one is the state, which is shorter by the number of gates.
    """
    near = [one for one in slots if one.module == slot.module or (slot.parent and one.parent == slot.parent)]
    kernels = [one for one in near if len(one.shape) == 2 and one.role == "kernel"]
    for state in kernels:
        for place, axis in enumerate(state.shape):
            hidden = state.shape[1 - place]
            beside = [one for one in kernels if one is not state and one.shape[place] == axis]
            if axis in {3 * hidden, 4 * hidden} and beside and axis in slot.shape:
                return axis // hidden, axis
    return 0, 0
