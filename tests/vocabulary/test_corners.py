"""Activations where their pieces meet: `matched` has the same derivative there, in every framework, in float64."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paragone.spelling.site import Impossible, Site
from paragone.task.graph import entries
from paragone.task.tensor import Tensor

from .lab import ONE_THREAD
from .words import NOT_OPTIONS

POINTS = [-30.0, -6.0, -3.0, -2.5, -1.0, -0.7, -0.5, -0.3, -0.1, -1e-3, 0.0, 1e-3, 0.1, 0.3, 0.5, 0.7, 1.0]
POINTS += [2.5, 3.0, 6.0, 6.5, 15.0, 20.5, 25.0, 41.0]
HEADS = {
    "tensorflow": "import keras, numpy as np, tensorflow as tf\nfrom keras import layers, ops\n"
    "keras.config.set_floatx('float64')",
    "torch": "import numpy as np, torch, torch.nn.functional as F\nfrom torch import nn",
    "jax": "import jax, jax.numpy as jnp, numpy as np\nfrom flax import nnx\njax.config.update('jax_enable_x64', True)",
}
BODY = """
def slopes(f, points):
    if framework == "tensorflow":
        x = tf.constant(points, tf.float64)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return y.numpy(), tape.gradient(y, x).numpy()
    if framework == "torch":
        x = torch.tensor(points, dtype=torch.float64, requires_grad=True)
        y = f(x)
        y.sum().backward()
        return y.detach().numpy(), x.grad.numpy()
    y, pull = jax.vjp(f, jnp.asarray(points))
    return np.asarray(y), np.asarray(pull(jnp.ones_like(y))[0])

found = {}
for name, helpers, call in json.load(sys.stdin):
    scope = dict(globals())
    for helper in helpers:
        exec(helper, scope)
    y, slope = slopes(eval("lambda x: " + call, scope), points)
    assert y.dtype == slope.dtype == np.float64, name
    found |= {name + "/value": y, name + "/slope": slope}
np.savez(out, **found)
"""


def cases() -> list[tuple[str, Any]]:
    """Every function that works element by element, with the options of its examples."""
    found = []
    for name, kind in entries().items():
        if kind.entry is None or not kind.entry.function or "C6" in kind.entry.rows:
            continue
        for number, example in enumerate(kind.entry.examples):
            given = {key: value for key, value in example.items() if key not in NOT_OPTIONS}
            found.append((f"{name}_{number}", (kind, kind.entry.options.model_validate(given))))
    return found


def lines(framework: str) -> list[tuple[str, list[str], str]]:
    """The code of each in one framework."""
    found = []
    tensor = Tensor((len(POINTS),))
    for name, (kind, options) in cases():
        spelled = kind.spellings[framework].write(Site(options, "matched", name, (tensor,), tensor))
        assert not isinstance(spelled, Impossible)
        made = spelled.construct.code() if spelled.construct else ""
        helpers = ["\n".join((*helper.imports, helper.source)) for helper in spelled.helpers]
        found.append((name, helpers, spelled.call.format("x", layer=made)))
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    results = {}
    for framework, head in HEADS.items():
        out = tmp_path_factory.mktemp(framework) / "found.npz"
        given = f"framework, out, points = {framework!r}, {str(out)!r}, {POINTS!r}"
        subprocess.run(
            [sys.executable, "-c", f"import json, sys\n{head}\n{given}\n{BODY}"],
            input=json.dumps(lines(framework)),
            text=True,
            check=True,
            env={**os.environ, **ONE_THREAD, "TF_CPP_MIN_LOG_LEVEL": "3"},
            cwd=Path(__file__).parents[2],
        )
        with np.load(out) as arrays:
            results[framework] = dict(arrays)
    return results


@pytest.mark.parametrize("name", [name for name, _ in cases()])
@pytest.mark.parametrize("what", ["value", "slope"])
def test_same(found: dict[str, Any], name: str, what: str) -> None:
    for a, b in combinations(HEADS, 2):
        left, right = found[a][f"{name}/{what}"], found[b][f"{name}/{what}"]
        np.testing.assert_allclose(left, right, rtol=1e-11, atol=1e-14, err_msg=f"{name}: {a} and {b}")
