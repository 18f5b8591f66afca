"""A rule in the place of a Keras optimizer's own update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras import ops

from paragone.frameworks.known_optimizer import Ruled
from paragone.meaning.forms.base import Numbers
from paragone.optimizers.rule import At, clipped, updated

MakeSlot = Callable[[Any, float], Any]
"""A variable like another one, filled with a number."""


class RuledOptimizer:
    """A Keras optimizer that follows a rule.

    Args:
        optimizer: built.
        ruled: the rule.
        numbers: the functions that rules are made of.
        make_slot: makes what the rule keeps.
    """

    def __init__(self, optimizer: Any, ruled: Ruled, numbers: Numbers, make_slot: MakeSlot):
        self._optimizer, self._ruled, self._numbers = optimizer, ruled, numbers
        self._owned = [self._own_of(variable) for variable in optimizer._trainable_variables]
        self._starts = [own.rule.slots(own.options) for own in self._owned]
        self._slots = [
            {name: make_slot(variable, value) for name, value in starts.items()}
            for variable, starts in zip(optimizer._trainable_variables, self._starts, strict=True)
        ]
        optimizer.weight_decay = None
        optimizer._clip_gradients = self._clip
        optimizer.update_step = self._update

    def _own_of(self, variable: Any) -> Ruled:
        """The rule of the variable's group: that of the decayed, or that of those which are kept out of it."""
        groups = self._ruled.groups
        return groups[int(not self._optimizer._use_weight_decay(variable))] if groups else self._ruled

    def reset(self) -> None:
        """What is kept, as it starts."""
        for table, starts in zip(self._slots, self._starts, strict=True):
            for name, slot in table.items():
                slot.assign(ops.full(slot.shape, starts[name], slot.dtype))

    def _clip(self, gradients: list[Any]) -> list[Any]:
        return clipped(self._numbers, self._ruled.options, [ops.convert_to_tensor(one) for one in gradients])

    def _update(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._optimizer._get_variable_index(variable)
        slots, own = self._slots[index], self._owned[index]
        at = At(
            ops.cast(self._optimizer.iterations + 1, variable.dtype),
            self._rate(learning_rate, variable.dtype),
            ops.convert_to_tensor(variable),
            ops.convert_to_tensor(gradient),
            {name: ops.convert_to_tensor(slot) for name, slot in slots.items()},
        )
        moved, kept = updated(self._numbers, own.rule, own.options, at)
        for name, value in kept.items():
            slots[name].assign(value)
        self._optimizer.assign(variable, moved)

    def _rate(self, learning_rate: Any, dtype: Any) -> Any:
        rates = self._ruled.rates
        if not rates:
            return ops.cast(learning_rate, dtype) * ops.convert_to_tensor(self._ruled.factor, dtype)
        step = ops.minimum(ops.cast(self._optimizer.iterations, "int32"), len(rates) - 1)
        return ops.take(ops.convert_to_tensor(rates, dtype), step)
