"""Measure again the facts that are said to be ours: `make facts`; each prints its id and its value.

The facts are in `src/paragone/choose/facts/`, with `says_who = "ours"` and the function here in their `source`. Each
runs in a process of its own, since the frameworks' settings for devices must come first; all of them take a minute.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import numpy as np

STEPS = 50
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def _data() -> tuple[Any, Any]:
    dice = np.random.default_rng(0)
    return dice.normal(size=(8 * STEPS, 4)).astype("float32"), dice.integers(0, 2, size=8 * STEPS)


def _train_keras(inside: Callable[[Any], Any], **compiled: Any) -> None:
    import keras

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(2)

        def call(self, x: Any) -> Any:
            return inside(self.dense(x))

    model = Net()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, **compiled)
    model.fit(*_data(), batch_size=8, epochs=1, verbose=0)


def _train_torch(inside: Callable[[Any], Any]) -> None:
    import torch

    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.Adam(model.parameters())
    x, y = (torch.from_numpy(one) for one in _data())
    for at in range(0, len(x), 8):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(inside(model(x[at : at + 8])), y[at : at + 8]).backward()
        optimizer.step()


def _runs_of_python(train: Callable[..., None], **compiled: Any) -> int:
    seen = []

    def inside(x: Any) -> Any:
        seen.append(1)
        return x

    train(inside, **compiled)
    return len(seen)


def python_in_forward_torch() -> int:
    """How often Python code inside of the model ran in `STEPS` training steps."""
    return _runs_of_python(_train_torch)


def python_in_forward_keras() -> int:
    """The same with Keras on TensorFlow and `fit`."""
    return _runs_of_python(_train_keras)


def python_in_forward_keras_eager() -> int:
    """The same with `compile(run_eagerly=True)`."""
    return _runs_of_python(_train_keras, run_eagerly=True)


def _branches(train: Callable[..., None], total: Callable[[Any], Any]) -> bool:
    """Whether a Python `if` on the value of a tensor inside of the model trains as it is written."""

    def inside(x: Any) -> Any:
        return x * 2 if total(x) > 0 else x

    try:
        train(inside)
    except Exception as error:  # any refusal of any framework is the answer
        print(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}", file=sys.stderr)
        return False
    return True


def if_in_forward_torch() -> bool:
    """A Python `if` in the model, PyTorch's plain loop."""
    import torch

    return _branches(_train_torch, torch.sum)


def if_in_forward_keras() -> bool:
    """A Python `if` in the model, Keras on TensorFlow and `fit`."""
    from keras import ops

    return _branches(_train_keras, ops.sum)


def mirrored_strategy() -> int:
    """Replicas that Keras on TensorFlow trained on in step: two logical devices of one CPU."""
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with strategy.scope():
        _train_keras(lambda x: x)
    return int(strategy.num_replicas_in_sync)


def distributed_data_parallel() -> int:
    """Processes whose weights agree after PyTorch trained them together, over gloo."""
    with tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.get_context("spawn")
        with context.Pool(2) as pool:
            weights = pool.starmap(_one_rank, [(rank, f"{folder}/meet") for rank in range(2)])
    return len(weights) if np.array_equal(weights[0], weights[1]) else 0


def _one_rank(rank: int, meet: str) -> Any:
    import torch
    from torch.nn.parallel import DistributedDataParallel

    torch.distributed.init_process_group("gloo", init_method=f"file://{meet}", rank=rank, world_size=2)
    torch.manual_seed(rank)
    model = DistributedDataParallel(torch.nn.Linear(4, 2))
    optimizer = torch.optim.Adam(model.parameters())
    x, y = (torch.from_numpy(one) for one in _data())
    for at in range(rank * 8, len(x) // 16 * 16, 16):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x[at : at + 8]), y[at : at + 8]).backward()
        optimizer.step()
    weights = model.module.weight.detach().numpy().copy()
    torch.distributed.destroy_process_group()
    return weights


def tensorboard_with_tensorflow() -> bool:
    """Whether installing TensorFlow installs TensorBoard as well."""
    return any(one.startswith("tensorboard") and "extra ==" not in one for one in requires("tensorflow") or ())


def tensorboard_from_torch() -> bool:
    """Whether PyTorch writes TensorBoard's event files, with the package `tensorboard` and without TensorFlow."""
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # importing it now fails, as where it is not installed
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder) as writer:
            writer.add_scalar("loss", 1.0, 0)
        return any(Path(folder).iterdir())


CHECKS: tuple[Callable[[], Any], ...] = (
    python_in_forward_torch,
    python_in_forward_keras,
    python_in_forward_keras_eager,
    if_in_forward_torch,
    if_in_forward_keras,
    mirrored_strategy,
    distributed_data_parallel,
    tensorboard_with_tensorflow,
    tensorboard_from_torch,
)


def main() -> None:
    """Run every check, or those that are named."""
    for check in CHECKS:
        if not sys.argv[1:] or check.__name__ in sys.argv[1:]:
            print(check.__name__, "…", end=" ", flush=True)
            if sys.argv[1:] == [check.__name__]:
                print(check())
            else:
                print(flush=True)
                os.spawnv(os.P_WAIT, sys.executable, [sys.executable, __file__, check.__name__])


if __name__ == "__main__":
    main()
