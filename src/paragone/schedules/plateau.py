"""Plateau: the learning rate falls when a measured value has stopped getting better.

It depends on what was measured, not on the step alone, and the frameworks measure it at different moments: Keras'
callback once an epoch, against an absolute `min_delta` (keras/src/callbacks/reduce_lr_on_plateau.py, 3.15), PyTorch's
scheduler at each call, against a relative threshold (torch/optim/lr_scheduler.py, ReduceLROnPlateau, 2.13), Optax in
the update that is given the value (optax/contrib/_reduce_on_plateau.py, 0.2.8; row F7). A schedule of the step cannot
say it.
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite
from paragone.spelling.entry import Options, Positive, Size, UnfitError
from paragone.spelling.site import Impossible


class Plateau(Options):
    """Options of a schedule that waits for a plateau."""

    factor: Positive = 0.1
    patience: Size = 10


_WHY = "a plateau depends on the loss, and the schedule of a written side is a function of the step alone"


def _impossible(_site: ScheduleSite) -> Impossible:
    return Impossible(_WHY)


def _rate(_options: Plateau, _rate: float, _step: int) -> float:
    raise UnfitError("a schedule of the step alone", _WHY)


SCHEDULE = ScheduleKind(
    "plateau",
    "rate · factor for each time that the loss has not fallen in `patience` updates",
    Plateau,
    _rate,
    {"tensorflow": _impossible, "torch": _impossible, "jax": _impossible},
    rows=("F7",),
    examples=(),
)
