"""Adam with epsilon after the bias correction, as an intervention on Keras' own Adam."""

from __future__ import annotations

from typing import Any

from keras import ops


def epsilon_after(optimizer: Any) -> None:
    """Give Keras' Adam the place of epsilon that PyTorch and Optax have, exactly.

    Keras divides by sqrt(v) + epsilon. With epsilon · sqrt(c2) in each step, c2 = 1 - beta_2^t, its update is that of
    PyTorch (see `paragone.optimizers.adam`).
    """
    base = optimizer.epsilon
    kind = type(optimizer)

    class EpsilonAfter(kind):  # type: ignore[misc, valid-type]
        """The optimizer with an epsilon that changes from step to step."""

        @property
        def epsilon(self) -> Any:
            """What `update_step` adds to sqrt(v) in this step."""
            dtype = self._start_dtype
            step = ops.cast(self.iterations + 1, dtype)
            return self._start_epsilon * ops.sqrt(1 - ops.power(ops.cast(self.beta_2, dtype), step))

        @epsilon.setter
        def epsilon(self, value: float) -> None:
            self._start_epsilon = value

    EpsilonAfter.__name__ = kind.__name__
    del optimizer.__dict__["epsilon"]
    optimizer.__class__ = EpsilonAfter
    optimizer._start_epsilon = base
    optimizer._start_dtype = optimizer._trainable_variables[0].dtype
