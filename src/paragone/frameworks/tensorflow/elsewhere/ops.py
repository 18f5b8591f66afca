"""The weights of Keras as tensors of its backend, for the exact forms of layers."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import keras


def on(native: ModuleType) -> Any:
    """The functions of a backend's own framework, which take the variables of Keras as well.

    Args:
        native: what exact forms are computed with in that framework.
    """

    def value(weight: Any) -> Any:
        """A weight as a tensor."""
        return weight.value if isinstance(weight, keras.Variable) else native.value(weight)

    named = {name: one for name, one in vars(native).items() if not name.startswith("__")}
    return SimpleNamespace(**{**named, "value": value})
