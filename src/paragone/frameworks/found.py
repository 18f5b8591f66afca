"""What an adapter finds in a side's file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paragone.layers.base import Spelling


@dataclass(frozen=True)
class Found:
    """What a side's file trains. `step` is the file's own `train_step(x, y)`, if it brings one."""

    model: Any
    loss: Any
    optimizer: Any
    scheduler: Any = None
    step: Callable[..., Any] | None = None
    name: str = "model"


@dataclass(frozen=True)
class SeenLayer:
    """A layer that was executed: the live object, its kind, and shapes without the batch axis."""

    name: str
    kind: str
    thing: Any
    spelling: Spelling
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    own: tuple[str, ...] = ()
    """Attributes of parameters that a class unknown to us keeps itself."""
