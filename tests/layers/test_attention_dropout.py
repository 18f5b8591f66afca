"""The attention that a JAX side brings has a dropout mask of its own for every sample, head, query and key."""

from __future__ import annotations

import json
import subprocess
import sys

from paragone.spelling.attention import ATTEND

CODE = """
import json, jax, jax.numpy as jnp
from flax import nnx
from typing import Any
{source}
samples, steps, heads, rate = 2, 40, 3, 0.25
query = jnp.zeros((samples, steps, heads, 4))
value = jnp.broadcast_to(jnp.eye(steps)[None, :, None], (samples, steps, heads, steps))
key = jax.random.key(0)
on = attend(query, query, value, dropout_rng=key, dropout_rate=rate) * steps
off = attend(query, query, value, dropout_rate=rate) * steps
print(json.dumps({{"on": on.tolist(), "off": off.tolist()}}))
"""


def test_masks_are_independent_and_scaled() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(source=ATTEND.source)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    on = [number for sample in found["on"] for query in sample for head in query for number in head]
    kept = [number for number in on if number]
    assert all(abs(number - 1 / 0.75) < 1e-5 for number in kept)
    assert 0.7 < len(kept) / len(on) < 0.8
    masks = {tuple(number > 0 for number in head) for sample in found["on"] for query in sample for head in query}
    assert len(masks) == 2 * 40 * 3
    assert all(abs(number - 1) < 1e-5 for sample in found["off"] for q in sample for head in q for number in head)
