"""A SavedModel of a JAX function, by `jax2tf`, with TensorFlow beside JAX, in the layout that TF Serving wants.

https://docs.jax.dev/en/latest/jax2tf.html (JAX 0.10)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

VERSION = "1"
"""TF Serving reads a folder with a sub-folder for each version: https://www.tensorflow.org/tfx/serving/serving_basic."""
NEEDS = ("tensorflow",)


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `JaxSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import tensorflow as tf

    from paragone.frameworks.jax.converting import serving

    holder, serve = serving(side, inputs)
    tf.saved_model.save(holder, str(path / VERSION), signatures={"serving_default": serve})
