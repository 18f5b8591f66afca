"""A side's own `keras.callbacks.ReduceLROnPlateau`, which `fit` would call at the end of every epoch."""

from __future__ import annotations

from typing import Any


class EpochEnds:
    """Calls the callback with the mean loss of so many steps, as `fit` does after an epoch without validation.

    Args:
        callback: of the side.
        model: whose learning rate it lowers.
        every: steps of an epoch.
    """

    def __init__(self, callback: Any, model: Any, every: int):
        self.callback = callback
        self.every = every
        callback.set_model(model)
        self.reset()

    def reset(self) -> None:
        """As before the first step."""
        self.losses: list[float] = []
        self.epoch = 0
        self.callback.on_train_begin()

    def take(self, loss: float) -> None:
        """The loss of a step, after it was made."""
        self.losses.append(loss)
        if len(self.losses) == self.every:
            self.ended(sum(self.losses) / self.every)
            self.losses = []

    def ended(self, loss: float) -> None:
        """An epoch of this mean loss was made."""
        self.callback.on_epoch_end(self.epoch, {"loss": loss})
        self.epoch += 1
