"""Functions of JAX that compute in float32 even in float64, and the same in the precision of their input.

`jax.nn.dot_product_attention` takes its softmax in float32 whatever it is given (jax/_src/nn/functions.py,
`_dot_product_attention_core`, JAX 0.10; row H14). `nnx.MultiHeadAttention` calls it through `jax.nn` where it drops
nothing out (flax/nnx/nn/attention.py, Flax 0.12), so replacing it there reaches every layer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from paragone.frameworks.stand_in import StandIn

_OWN = jax.nn.dot_product_attention
_UNSEEN = -0.7 * float(np.finfo(np.float32).max)
"""What JAX puts in the place of a logit that is masked."""
STAND_INS: dict[str, StandIn] = {"dot_product_attention": StandIn(_OWN)}


def _attention(
    query: Any, key: Any, value: Any, bias: Any = None, mask: Any = None, *,
    scale: float | None = None, is_causal: bool = False, implementation: Any = None, **others: Any,
) -> Any:  # fmt: skip
    """Attention over ([batch,] time, heads, features); lengths, windows and residuals are left to JAX."""
    if any(other is not None and other is not False for other in others.values()):
        known = {"scale": scale, "is_causal": is_causal, "implementation": implementation}
        return _OWN(query, key, value, bias, mask, **known, **others)
    group = query.shape[-2] // key.shape[-2]
    keys, values = (jnp.repeat(each, group, axis=-2) for each in (key, value))
    scale = 1.0 / math.sqrt(query.shape[-1]) if scale is None else scale
    logits = jnp.einsum("...tnh,...snh->...nts", query, keys) * scale
    if bias is not None:
        logits = logits + bias
    seen = jnp.ones(logits.shape[-2:], bool)
    seen = jnp.tril(seen) if is_causal else seen
    seen = seen if mask is None else seen & mask
    weights = jax.nn.softmax(jnp.where(seen, logits, _UNSEEN), axis=-1)
    return jnp.einsum("...nts,...snh->...tnh", weights, values)


EXACT: dict[str, Callable[..., Any]] = {"dot_product_attention": _attention}


def install() -> None:
    """See the calls of these functions from now on."""
    for name, stand_in in STAND_INS.items():
        stand_in.reset()
        stand_in.install(name, jax.nn)
