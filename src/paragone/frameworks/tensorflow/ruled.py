"""A rule in the place of a Keras optimizer's own update."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.tensorflow.numbers import TensorflowNumbers
from paragone.optimizers.rule import At, clipped, updated

_NUMBERS = TensorflowNumbers()


class RuledOptimizer:
    """A Keras optimizer that follows a rule.

    Args:
        optimizer: built.
        ruled: the rule.
    """

    def __init__(self, optimizer: Any, ruled: Ruled):
        self._optimizer, self._ruled = optimizer, ruled
        self._owned = [self._own_of(variable) for variable in optimizer._trainable_variables]
        self._starts = [own.rule.slots(own.options) for own in self._owned]
        self._slots = [
            {name: _filled(variable, value) for name, value in starts.items()}
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
                slot.assign(tf.fill(slot.shape, tf.constant(starts[name], slot.dtype)))

    def _clip(self, gradients: list[Any]) -> list[Any]:
        return clipped(_NUMBERS, self._ruled.options, [tf.convert_to_tensor(gradient) for gradient in gradients])

    def _update(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._optimizer._get_variable_index(variable)
        slots, own = self._slots[index], self._owned[index]
        at = At(
            tf.cast(self._optimizer.iterations + 1, variable.dtype),
            self._rate(learning_rate, variable.dtype),
            tf.convert_to_tensor(variable),
            tf.convert_to_tensor(gradient),
            {name: slot.value() for name, slot in slots.items()},
        )
        moved, kept = updated(_NUMBERS, own.rule, own.options, at)
        for name, value in kept.items():
            slots[name].assign(value)
        self._optimizer.assign(variable, moved)

    def _rate(self, learning_rate: Any, dtype: Any) -> Any:
        rates = self._ruled.rates
        if not rates:
            return tf.cast(learning_rate, dtype) * tf.constant(self._ruled.factor, dtype)
        step = tf.minimum(tf.cast(self._optimizer.iterations, tf.int32), len(rates) - 1)
        return tf.gather(tf.constant(rates, dtype), step)


def _filled(variable: Any, value: float) -> Any:
    return tf.Variable(tf.fill(variable.shape, tf.constant(value, variable.dtype)))
