"""What a file's function takes beside the tree of parameters: inputs, and what says which pass it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax

KEYS = ("key", "rng", "rngs", "rng_key", "prng", "prng_key", "dropout_key", "dropout_rng")
"""What a function calls a key that it draws at random with."""
_TRAINING = {"train": True, "training": True, "is_training": True, "deterministic": False, "eval_mode": False}
"""Arguments that say whether it is training, and their value there."""


def is_key(name: str) -> bool:
    """Whether an argument of this name is a key to draw at random with."""
    return name.lower() in KEYS


@dataclass(frozen=True)
class Arguments:
    """Of a function.

    Args:
        names: of its parameters, without that of the tree.
        keys: of these, keys that it must be given.
    """

    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, function: Callable[..., Any], after: int) -> Arguments:
        """Of a function, the first parameters of which are no inputs; nothing where it does not say."""
        try:
            parameters = list(inspect.signature(function).parameters.values())[after:]
        except (TypeError, ValueError):
            return cls()
        keys = (one.name for one in parameters if is_key(one.name) and one.default is one.empty)
        return cls(tuple(one.name for one in parameters), tuple(keys))

    def __call__(self, *, training: bool) -> dict[str, Any]:
        """What says which pass it is, and a key for one that must have it."""
        flags = {name: value if training else not value for name, value in _TRAINING.items() if name in self.names}
        return flags | {name: jax.random.key(0) for name in self.keys}

    def in_evaluation(self, x: tuple[Any, ...], given: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of a call, but for what says that it is training.

        Args:
            x: by their places, after the tree.
            given: by their names.
        """
        flags = {name: not value for name, value in _TRAINING.items() if name in self.names}
        placed = dict(zip(self.names, x, strict=False))
        rest = x[len(placed) :]
        return (*(flags.get(name, value) for name, value in placed.items()), *rest), {
            name: flags.get(name, value) for name, value in given.items()
        }
