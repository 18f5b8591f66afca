"""Plateau: the learning rate falls when the training loss has stopped falling.

The loss of every update counts, and after every `every` updates their mean is compared with the best so far: it is
better if it is below best · (1 - threshold), or below best - threshold where `threshold_mode` is `absolute`. After
`patience` comparisons in a row that were not better the rate is multiplied by `factor`, but not below `alpha` times the
rate of the start; then `cooldown` comparisons do not count. The update whose loss completes a comparison is made with
the new rate already.

That is optax.contrib.reduce_on_plateau (optax/contrib/_reduce_on_plateau.py, 0.2.8), which stands behind the optimizer
and scales its updates: exact wherever the update is proportional to the rate. PyTorch's ReduceLROnPlateau
(torch/optim/lr_scheduler.py, 2.13) waits until there are more than `patience` bad values, leaves out a change of the
rate of 1e-8 or less, and averages nothing. Keras' callback of this name (keras/src/callbacks/reduce_lr_on_plateau.py,
3.15) runs once an epoch, its `min_delta` is absolute, and the last comparison of its cooldown counts already (row F7).

Where a mean stands within rounding of the limit, two frameworks may decide differently, and part from there on.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import Share
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Options, Positive, Size
from paragone.spelling.spelled import Helper, Note


class Plateau(Options):
    """Options of a schedule that waits for a plateau."""

    every: Size
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.1
    patience: Size = 10
    threshold: Positive = 1e-4
    threshold_mode: Literal["relative", "absolute"] = "relative"
    cooldown: Annotated[int, Field(ge=0, le=2**20, strict=True)] = 0
    alpha: Share = 0.0

    @model_validator(mode="after")
    def _reachable(self) -> Plateau:
        if self.threshold_mode == "relative" and self.threshold >= 1:
            raise ValueError("a threshold below 1, which is a share of the best mean")
        return self


_KERAS = Helper(
    "Plateau",
    '''
class Plateau:
    """Lowers the rate of an optimizer when the mean loss of every few updates has stopped falling.

    Its numbers are kept, and saved, with those of the optimizer.
    """

    def __init__(
        self, optimizer, every, factor=0.1, patience=10, threshold=1e-4, absolute=False, cooldown=0, least=0.0
    ):
        self.optimizer = optimizer
        self.every = every
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.absolute = absolute
        self.cooldown = cooldown
        self.least = least
        losses = [keras.Variable(value, trainable=False) for value in (0.0, float("inf"))]
        counts = [keras.Variable(0, dtype="int32", trainable=False) for _ in range(3)]
        optimizer.plateau = [*losses, *counts]

    def watch(self, loss):
        """Takes the loss of an update, before the update is made."""
        total, best, count, waited, resting = self.optimizer.plateau
        total.assign_add(loss)
        count.assign_add(1)
        due = ops.equal(count, self.every)
        mean = total / self.every
        limit = best - self.threshold if self.absolute else best * (1.0 - self.threshold)
        better = mean < limit
        waits = ops.where(ops.logical_or(better, resting > 0), 0, waited + 1)
        falls = ops.equal(waits, self.patience)
        rate = self.optimizer.learning_rate
        lower = ops.maximum(rate * self.factor, self.least)
        changes = (
            (rate, ops.where(falls, lower, rate)),
            (best, ops.where(better, mean, best)),
            (waited, ops.where(falls, 0, waits)),
            (resting, ops.where(falls, self.cooldown, ops.maximum(resting - 1, 0))),
            (total, ops.zeros_like(total)),
            (count, ops.zeros_like(count)),
        )
        for variable, value in changes:
            variable.assign(ops.where(due, value, variable))
''',
    Note("F7", "Keras' own runs once an epoch, and counts the last comparison of its cooldown"),
)
_TORCH = Helper(
    "MeanPlateau",
    '''
class MeanPlateau(torch.optim.lr_scheduler.ReduceLROnPlateau):
    """Compares the mean loss of every few updates."""

    def __init__(self, optimizer: torch.optim.Optimizer, every: int, **options: Any) -> None:
        super().__init__(optimizer, **options)
        self.every = every
        self.losses: list[float] = []

    def step(self, metrics: SupportsFloat, epoch: int | None = None) -> None:
        self.losses.append(float(metrics))
        if len(self.losses) == self.every:
            super().step(sum(self.losses) / self.every)
            self.losses = []
''',
    Note("F7", "PyTorch's own compares every loss for itself"),
    ("from typing import Any, SupportsFloat",),
)
_JAX = Helper(
    "Plateau",
    '''
class Plateau:
    """A learning rate inside of an optimizer that falls as Optax' own reduce_on_plateau says."""

    def __init__(self, rate: float, **options: Any) -> None:
        self.rate = rate
        self.scaling = optax.contrib.reduce_on_plateau(**options)

    def init(self) -> Any:
        return self.scaling.init(jnp.zeros(()))

    def update(self, state: Any, **extra: Any) -> Any:
        return self.scaling.update(jnp.zeros(()), state, **extra)[1]

    def __call__(self, state: Any, **extra: Any) -> jax.Array:
        return self.rate * (self.update(state, **extra) if extra else state).scale
''',
    Note("F7", "the update of this optimizer is not proportional to its rate"),
    ("from typing import Any",),
)


def _least(site: ScheduleSite) -> Any:
    """The lowest rate."""
    return site.options.alpha * site.learning_rate or DEFAULT


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Plateau = site.options
    given = {name: site.given(name, default) for name, default in (("factor", 0.1), ("patience", 10))}
    threshold, cooldown = site.given("threshold", 1e-4), site.given("cooldown", 0)
    if not site.matched:
        made = construct(
            "keras.callbacks.ReduceLROnPlateau",
            monitor="loss",
            **given,
            min_delta=threshold,
            cooldown=cooldown,
            min_lr=_least(site),
        )
        return ScheduleSpelled(made.code())
    absolute = True if o.threshold_mode == "absolute" else DEFAULT
    made = construct(
        "Plateau",
        Code("optimizer"),
        every=o.every,
        **given,
        threshold=threshold,
        absolute=absolute,
        cooldown=cooldown,
        least=_least(site),
    )
    return ScheduleSpelled(made.code(), helpers=(_KERAS,))


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    o: Plateau = site.options
    made = construct(
        "torch.optim.lr_scheduler.ReduceLROnPlateau" if o.every == 1 else "MeanPlateau",
        Code("optimizer"),
        every=DEFAULT if o.every == 1 else o.every,
        factor=site.given("factor", 0.1),
        patience=o.patience - 1 if site.matched else site.given("patience", 10),
        threshold=site.given("threshold", 1e-4),
        threshold_mode="abs" if o.threshold_mode == "absolute" else DEFAULT,
        cooldown=site.given("cooldown", 0),
        min_lr=_least(site),
        eps=0.0 if site.matched else DEFAULT,
    )
    note = Note("F7", "PyTorch waits for one value more, and leaves out a change of 1e-8 or less")
    return ScheduleSpelled(made.code(), () if o.every == 1 else (_TORCH,), (note,))


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Plateau = site.options
    absolute = o.threshold_mode == "absolute"
    options = {
        "factor": site.given("factor", 0.1),
        "patience": site.given("patience", 10),
        "rtol": 0.0 if absolute else site.given("threshold", 1e-4),
        "atol": o.threshold if absolute else DEFAULT,
        "cooldown": site.given("cooldown", 0),
        "accumulation_size": DEFAULT if o.every == 1 else o.every,
        "min_scale": o.alpha or DEFAULT,
    }
    if site.proportional or not site.matched:
        return ScheduleSpelled(construct("optax.contrib.reduce_on_plateau", **options).code())
    return ScheduleSpelled(construct("Plateau", site.learning_rate, **options).code(), helpers=(_JAX,))


SCHEDULE = ScheduleKind(
    "plateau",
    "rate · factor^(how often `patience` means of `every` losses in a row were not below best · (1 - threshold), or "
    "best - threshold), at least alpha · rate; `cooldown` means do not count after a fall",
    Plateau,
    None,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F7",),
    examples=(
        {"every": 5, "patience": 2, "factor": 0.5, "threshold": 0.05},
        {"every": 1, "patience": 1, "factor": 0.3, "threshold": 0.01, "threshold_mode": "absolute", "cooldown": 3},
    ),
)
