"""What XLA compiles for a proof is kept where it is told to, and convolutions give what JAX itself gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

KEEPS = """
import sys
import jax
from paragone.frameworks.jax.compiled import compile_for_proof
compile_for_proof(sys.argv[1])
print(float(jax.jit(lambda x: x * 2.0 + 1.0)(3.0)))
"""


def kept(folder: Path | str, **environment: str) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("JAX_")}
    command = [sys.executable, "-c", KEEPS, str(folder)]
    done = subprocess.run(command, env=known | environment, capture_output=True, text=True, check=True)
    assert done.stdout == "7.0\n"


def test_what_is_compiled_is_kept_in_the_folder_however_quick_it_was(tmp_path: Path) -> None:
    kept(tmp_path / "compiled")
    found = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "compiled").glob("*-cache")}
    assert found
    kept(tmp_path / "compiled")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "compiled").glob("*-cache")} == found


def test_a_cache_that_the_user_asked_for_is_left_alone(tmp_path: Path) -> None:
    kept(tmp_path / "compiled", JAX_COMPILATION_CACHE_DIR=str(tmp_path / "own"))
    assert not (tmp_path / "compiled").exists()


CONVOLVES = """
import sys
import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
from jax import lax
from paragone.frameworks.jax.convolving import pad_first
if sys.argv[2] == "padded":
    pad_first()
dice, found = np.random.default_rng(0), {}
for size, kernel, stride, spread, groups, padding in (
    (2, 3, 1, 1, 1, "SAME"), (5, 3, 2, 1, 1, "SAME"), (6, 3, 1, 1, 2, "VALID"), (4, 2, 1, 2, 1, ((1, 2), (0, 1))),
):
    x = jnp.asarray(dice.normal(size=(3, size, size, 4)))
    k = jnp.asarray(dice.normal(size=(kernel, kernel, 4 // groups, 6)))
    def out(x, k):
        return lax.conv_general_dilated(
            x, k, (stride, stride), padding, lhs_dilation=(spread, spread), feature_group_count=groups,
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )
    name = f"{size}-{kernel}-{stride}-{spread}-{groups}"
    found[name] = jax.jit(out)(x, k)
    found[f"{name}-x"], found[f"{name}-k"] = jax.jit(jax.grad(lambda x, k: (out(x, k) ** 2).sum(), (0, 1)))(x, k)
np.savez(sys.argv[1], **found)
"""


def test_convolutions_that_are_padded_first_are_those_of_jax(tmp_path: Path) -> None:
    """Values and gradients, with strides, spread-out inputs, groups, and kernels that are larger than the input."""
    for way in ("padded", "own"):
        command = [sys.executable, "-c", CONVOLVES, str(tmp_path / f"{way}.npz"), way]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    with np.load(tmp_path / "padded.npz") as padded, np.load(tmp_path / "own.npz") as own:
        assert sorted(padded) == sorted(own) and len(own.files) == 12
        for name in own:
            np.testing.assert_allclose(padded[name], own[name], rtol=1e-12, atol=1e-12)
