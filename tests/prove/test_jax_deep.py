"""A deep JAX model: its first calls are not compiled, and that changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from paragone.prove.scope import Scope

from .harness import prove_files

SCOPE = Scope(("forward", "loss", "gradients", "step", "trajectory"), dtypes=("float64",), worth=False)
SIDE = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.blocks = nnx.List([nnx.Linear(4, 4, rngs=rngs) for _ in range({depth})])

    def __call__(self, x):
        for block in self.blocks:
            x = x + 0.1 * jnp.tanh(block(x))
        return x


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(0.01), wrt=nnx.Param)


def loss_fn(model, x, y):
    return jnp.mean((model(x) - y) ** 2)
"""
COMPILED = (
    SIDE
    + """

@nnx.jit
def compiled(model, optimizer, x, y):
    loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
    optimizer.update(model, grads)
    return loss


def train_step(x, y):
    return compiled(model, optimizer, x, y)
"""
)


def test_a_deep_side_trains_as_one_that_compiles_its_own_step(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=np.tanh(x))
    (tmp_path / "one_side.py").write_text(SIDE.format(depth=42), encoding="utf-8")
    (tmp_path / "other_side.py").write_text(COMPILED.replace("{depth}", "42"), encoding="utf-8")
    files = [tmp_path / "one_side.py", tmp_path / "other_side.py"]
    proof = prove_files(files, str(tmp_path / "data.npz"), tmp_path, steps=14, scope=SCOPE)
    assert proof.verdict == "same"


def test_nothing_that_was_compiled_is_left_in_the_folder_of_a_run(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=np.tanh(x))
    for name in ("one", "other"):
        (tmp_path / f"{name}_side.py").write_text(SIDE.format(depth=2), encoding="utf-8")
    files = [tmp_path / "one_side.py", tmp_path / "other_side.py"]
    scope = Scope(("forward",), dtypes=("float64",), worth=False)
    assert prove_files(files, str(tmp_path / "data.npz"), tmp_path, steps=1, scope=scope).verdict == "same"
    assert not list(tmp_path.glob("exchange/*"))
