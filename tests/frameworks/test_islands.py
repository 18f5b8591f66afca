"""JAX's attention in the precision of its input is JAX's own attention, but for the rounding of its softmax."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.prove.harness import prove_texts

CHECK = """
import json, sys
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
from paragone.frameworks.jax.islands import EXACT

own, exact = jax.nn.dot_product_attention, EXACT["dot_product_attention"]
dice = np.random.default_rng(0)
draw = lambda *shape: jnp.asarray(dice.normal(size=shape))
q, k, v, few = draw(2, 5, 4, 3), draw(2, 6, 4, 3), draw(2, 6, 4, 3), draw(2, 6, 2, 3)
mask = jnp.asarray(dice.random((2, 1, 5, 6)) > 0.3).at[..., 0].set(True)
cases = {
    "plain": ((q, k, v), {}),
    "no batch": ((q[0], k[0], v[0]), {}),
    "mask": ((q, k, v), {"mask": mask}),
    "bias and scale": ((q, k, v), {"bias": draw(2, 4, 5, 6), "scale": 0.2}),
    "causal": ((k, k, v), {"is_causal": True}),
    "fewer keys": ((q, few, few), {}),
    "lengths": ((q, k, v), {"key_value_seq_lengths": jnp.asarray([3, 6], jnp.int32)}),
}
apart = {n: float(jnp.abs(own(*a, **o) - exact(*a, **o)).max()) for n, (a, o) in cases.items()}
print(json.dumps({"apart": apart, "dtype": str(exact(q, k, v).dtype)}))
"""
TORCH = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        x = x[:, :, None] * torch.ones(6)
        return self.out(self.attention(x, x, x, need_weights=False)[0].mean(1))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.attention = nnx.MultiHeadAttention(num_heads=2, in_features=6, decode=False, rngs=rngs)
        self.out = nnx.Linear(6, 3, rngs=rngs)

    def __call__(self, x):
        return self.out(self.attention(x[:, :, None] * jnp.ones(6)).mean(1))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""


def test_the_exact_attention_is_jaxs_own_but_for_rounding() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["dtype"] == "float64"
    assert found["apart"].pop("lengths") == 0.0, "left to JAX"
    assert all(1e-12 < apart < 1e-6 for apart in found["apart"].values()), found


def test_attention_in_float32_is_named_and_taken_out(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, TORCH, JAX)
    assert [(cause.trap, cause.row) for cause in pair.causes] == [("float32-attention", "H14")]
    assert [one.verdict for one in proof.corrected] == ["same"]
