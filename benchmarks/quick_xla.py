"""How XLA compiles where models are built many times and take a few steps: seldom, and without optimising much."""

from __future__ import annotations

import os
from pathlib import Path


def compile_quickly(cache: Path) -> None:
    """XLA does not optimise in any process to come, and finds again what it has compiled once.

    Args:
        cache: where JAX finds again what it has compiled once.
    """
    quick = (
        "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true "
        "--xla_cpu_use_fusion_emitters=false"
    )
    os.environ |= {
        "XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} {quick}".strip(),
        "JAX_COMPILATION_CACHE_DIR": str(cache),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
