"""The numbers of Optax transformations are found where Optax keeps them, and set there."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

READ = """
import json, sys
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp, optax
from paragone.frameworks.jax.closures import kind_of_makers, makers, transformations

def numbers(tx):
    return {f"{maker}.{name}": cell.cell_contents for maker, name, cell in transformations(tx.update)}

def kind(tx):
    found = kind_of_makers(makers(tx.update))
    return found.name if found else None

def moved(tx, steps=3):
    w = jnp.array([1.0, -2.0])
    state = tx.init(w)
    for _ in range(steps):
        updates, state = tx.update(w * 2, state, w)
        w = w + updates
    return w.tolist()
"""
CHAINS = """
def scale_by_adam(b1=0.9, b2=0.999):
    def update(grads, state, params=None):
        return jax.tree.map(lambda g: b1 * g + b2, grads), state
    return optax.GradientTransformation(lambda params: None, update)

chains = {
    "a copy": optax.chain(scale_by_adam(), optax.scale(-0.1)),
    "a copy in front": optax.chain(scale_by_adam(), optax.adam(1e-3)),
    "adam": optax.adam(2e-3, b1=0.8, eps=1e-6),
    "adamw": optax.adamw(1e-3, weight_decay=0.02),
    "sgd": optax.sgd(0.1),
    "momentum": optax.sgd(0.1, momentum=0.7, nesterov=True),
    "rmsprop": optax.rmsprop(1e-3, decay=0.95),
    "nested": optax.chain(optax.identity(), optax.chain(optax.add_decayed_weights(0.3), optax.sgd(0.05))),
    "clipped": optax.chain(optax.clip_by_global_norm(1.5), optax.adam(1e-3)),
}
print(json.dumps({name: {"numbers": numbers(tx), "kind": kind(tx)} for name, tx in chains.items()}))
"""
SET = """
def changed(tx, key, value):
    cells = {f"{maker}.{name}": cell for maker, name, cell in transformations(tx.update)}
    cells[key].cell_contents = value
    return moved(tx)

pairs = [
    (changed(optax.adam(1e-3), "scale_by_adam.eps", 1e-2), moved(optax.adam(1e-3, eps=1e-2))),
    (changed(optax.adam(1e-3), "scale_by_adam.b2", 0.9), moved(optax.adam(1e-3, b2=0.9))),
    (changed(optax.adam(1e-3), "scale.step_size", -0.5), moved(optax.adam(0.5))),
    (changed(optax.sgd(0.1, momentum=0.9), "trace.decay", 0.5), moved(optax.sgd(0.1, momentum=0.5))),
    (changed(optax.adamw(1e-3), "add_decayed_weights.weight_decay", 0.5), moved(optax.adamw(1e-3, weight_decay=0.5))),
]
print(json.dumps(pairs))
"""


def said(code: str) -> Any:
    done = subprocess.run([sys.executable, "-c", READ + code], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def chains() -> dict[str, Any]:
    found: dict[str, Any] = said(CHAINS)
    return found


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("adam", "adam", {"scale_by_adam.b1": 0.8, "scale_by_adam.b2": 0.999, "scale_by_adam.eps": 1e-6}),
        ("adam", "adam", {"scale.step_size": -2e-3}),
        ("adamw", "adam", {"add_decayed_weights.weight_decay": 0.02, "scale.step_size": -1e-3}),
        ("sgd", "sgd", {"scale.step_size": -0.1}),
        ("momentum", "sgd", {"trace.decay": 0.7, "trace.nesterov": True}),
        ("rmsprop", "rmsprop", {"scale_by_rms.decay": 0.95, "scale_by_rms.eps_in_sqrt": True}),
        ("nested", "sgd", {"add_decayed_weights.weight_decay": 0.3, "scale.step_size": -0.05}),
        ("a copy", None, {"scale_by_adam (own).b2": 0.999, "scale.step_size": -0.1}),
        ("a copy in front", "adam", {"scale_by_adam (own).b2": 0.999, "scale_by_adam.b2": 0.999}),
        ("clipped", "adam", {"clip_by_global_norm.max_norm": 1.5, "scale.step_size": -1e-3}),
    ],
)
def test_numbers_are_found(chains: dict[str, Any], name: str, kind: str | None, expected: dict[str, Any]) -> None:
    assert chains[name]["kind"] == kind
    assert expected.items() <= chains[name]["numbers"].items()


def test_a_number_that_is_set_is_the_one_that_is_used() -> None:
    for changed, written in said(SET):
        assert changed == written
