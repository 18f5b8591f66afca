"""Square: x².

The same in keras.ops.square (3.15), torch.square (2.13) and jax.numpy.square (0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called

LAYER = activation("square", "x²", called("ops.square({0})"), called("torch.square({0})"), called("jnp.square({0})"))
