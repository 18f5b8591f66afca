"""Plays a pass of a Keras side on PyTorch."""

from __future__ import annotations

from paragone.frameworks.tensorflow.elsewhere.tape import array, is_tensor, leaves, play, run
from paragone.frameworks.tensorflow.modules import modules, state

__all__ = ["array", "is_tensor", "leaves", "modules", "play", "run", "state"]
