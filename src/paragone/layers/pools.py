"""What max and average pools share where they are recognised in files that people wrote."""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Setting

POOL_SETTINGS = (
    Setting("window", "pool-window"),
    Setting("strides", "pool-strides", "G5"),
    Setting("padding", "pool-padding", "G6"),
)
KERAS_POOL = "inputs, pool_size, strides=None, padding='valid', data_format=None"
TENSORFLOW_POOL = "input, ksize, strides, padding, data_format=None, name=None"


def torch_pools(name: str) -> tuple[str, ...]:
    """Where PyTorch keeps a pool for one to three axes."""
    return tuple(f"{owner}.{name}{rank}d" for owner in ("torch.nn.functional", "torch") for rank in (1, 2, 3))


def tensorflow_pools(name: str) -> tuple[str, ...]:
    """Where TensorFlow keeps a pool for one to three axes."""
    return tuple(f"tensorflow.nn.{name}{rank}d" for rank in (1, 2, 3))


def channels_last(a: Any) -> bool:
    """Whether the channels are the last axis of what a function of TensorFlow or Keras is given."""
    given = a.data_format
    return given is None or given == "channels_last" or (given.startswith("N") and given.endswith("C"))
