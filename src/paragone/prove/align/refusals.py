"""Pairs of parameters that cannot correspond, by name, with the row of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paragone.prove.align.slots import Slot

if TYPE_CHECKING:
    from paragone.prove.align.pair import AlignedPair

Rule = Callable[[Sequence[Slot], Sequence[Slot]], str]


def cannot_correspond(pair: AlignedPair) -> list[str]:
    """What is known of the parameters that have no partner, in words."""
    sides = ((pair.a, pair.linked.only_a), (pair.b, pair.linked.only_b))
    found = []
    for side, (_, alone) in enumerate(sides):
        others = sides[1 - side][0].slots
        found += [words for rule in _RULES for words in [rule(alone, others)] if words]
    return found


def _gru_bias(alone: Sequence[Slot], others: Sequence[Slot]) -> str:
    """Row H3: the recurrent bias of a GRU stands inside r * (…), where Flax has none."""
    biases = [slot for slot in alone if "gru" in slot.path.lower() + slot.owner.lower() and slot.role == "bias"]
    cells = [slot for slot in others if "dense_h" in slot.path and slot.owner == "Linear"]
    if not biases or not cells:
        return ""
    return (
        f"row H3: {biases[0].path} is added inside r * (…), where Flax NNX's GRUCell has no bias (flax/nnx/nn/"
        "recurrent.py, 0.12): a GRU that is trained with it cannot be written with that cell; here it starts at zero"
    )


_RULES: tuple[Rule, ...] = (_gru_bias,)
