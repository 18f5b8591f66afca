"""JAX with Flax NNX and Optax, as the orchestrator knows it."""

from __future__ import annotations

from paragone.frameworks.descriptor import Descriptor

DESCRIPTOR = Descriptor(
    id="jax",
    title="JAX / Flax NNX",
    modules=("jax", "flax", "optax", "jaxlib"),
    distributions=("jax", "jaxlib", "flax", "optax"),
    install="pip install jax flax optax",
    worker="paragone.frameworks.jax.worker",
    backend="jax",
    probe="paragone.frameworks.jax.probe",
    recipe="paragone.frameworks.jax.recipe",
    side_file="jax_side.py",
    formats="paragone.frameworks.jax.formats",
)
