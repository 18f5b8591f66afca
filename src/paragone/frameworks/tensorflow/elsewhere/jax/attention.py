"""JAX's own attention in float64: it computes the softmax in float32, whatever it is given (row H14).

`_dot_product_attention_core` of jax/_src/nn/functions.py (JAX 0.10) casts its logits; Keras calls it for every
attention on JAX. In the float64 of a proof it is written out; in float32, and in all that is timed, it is JAX's.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

_OWN = jax.nn.dot_product_attention


def keep_float64(*, kept: bool) -> None:
    """Attention in float64 is of float64, or what JAX makes of it."""
    jax.nn.dot_product_attention = _exact if kept else _OWN


def _exact(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    *,
    scale: float | None = None,
    is_causal: bool = False,
    **more: Any,
) -> Any:
    """As JAX's, of arrays (batch, time, heads, size of a head)."""
    if any(option is not None for name, option in more.items() if name != "implementation") or query.dtype != "float64":
        return _OWN(query, key, value, bias, mask, scale=scale, is_causal=is_causal, **more)
    key, value = (jnp.repeat(one, query.shape[2] // one.shape[2], 2) for one in (key, value))  # of grouped queries
    logits = jnp.einsum("btnh,bsnh->bnts", query, key) * (query.shape[-1] ** -0.5 if scale is None else scale)
    logits = logits if bias is None else logits + bias
    if is_causal:
        causal = jnp.tril(jnp.ones(logits.shape[-2:], bool))
        mask = causal if mask is None else jnp.logical_and(mask, causal)
    shut = 0.7 * float(jnp.finfo(jnp.float32).min)  # JAX's own number where nothing is to be seen
    probabilities = jax.nn.softmax(logits if mask is None else jnp.where(mask, logits, shut), -1)
    return jnp.einsum("bnts,bsnh->btnh", probabilities, value)
