"""What XLA compiles of a side on the ladder, and where it keeps what it has compiled."""

from __future__ import annotations

import os

import jax

from paragone.frameworks.jax.convolving import pad_first

_LEVEL = "--xla_cpu_use_fusion_emitters=false --xla_backend_optimization_level="
_FEW = 1
"""Steps of a trajectory, which a floor goes along 17 times: beyond them optimising costs less than it saves."""
_KNOWN = "0.10."
"""The JAX whose XLA has these flags: one that it does not know ends the process."""


def compile_for_proof(folder: str, steps: int = 0) -> None:
    """From now on what XLA compiles is kept in this folder and found again there, however quickly it was compiled.

    XLA optimises little, and compiles fusions as it did before it had emitters of their own for them: a small CNN with
    batch normalisation is there after 2.2 s in place of 4.4 s, a small transformer after 5 s in place of 7 s, and their
    steps take no longer. For a single step nothing is optimised: gradients of a batch of 32 of ResNet-50 are there
    after 5.7 s in place of 7.7 s; but a step of that CNN takes 0.27 s so, and 12 ms otherwise (JAX 0.10.2, 2 cores).
    Convolutions are written so that they are fast in float64 as well (`pad_first`). Where anything is timed, XLA
    compiles as it does by itself.

    A side is traced anew whenever its meaning is changed (`forget_traces`), and every operation that runs by itself is
    compiled by itself: without this a deep model pays for both again each time. The names are those of "Persistent
    compilation cache" in JAX's documentation, https://docs.jax.dev/en/latest/persistent_compilation_cache.html
    (JAX 0.10).

    Args:
        folder: made if it is not there; empty where this is no proof. A cache that the environment asks for is kept.
        steps: of the proof's trajectory.
    """
    if not folder:
        return
    pad_first()
    if jax.__version__.startswith(_KNOWN):
        level = 0 if steps <= _FEW else 1
        os.environ["XLA_FLAGS"] = f"{_LEVEL}{level} {os.environ.get('XLA_FLAGS', '')}".strip()
    if jax.config.jax_compilation_cache_dir:
        return
    jax.config.update("jax_compilation_cache_dir", folder)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
