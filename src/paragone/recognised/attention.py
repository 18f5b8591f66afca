"""Scaled dot-product attention as a function: softmax(scale · query · key) · value in each head.

The scale is 1/√(size of a head) unless it is given, and a mask of truth values says where a query may attend, in
torch.nn.functional.scaled_dot_product_attention (2.13), jax.nn.dot_product_attention (0.10) and Keras' backend (3.15;
rows H10, H11). PyTorch has the heads before the steps, the others after them.
"""

from __future__ import annotations

from typing import Any

from paragone.layers.attending import SETTINGS, attend
from paragone.layers.base import Function, LayerKind, Settings, Sizes, Spelling


def _reads(a: Any, _sizes: Sizes) -> Settings:
    size = int(a.query.shape[-1])
    return {"scale": float(size**-0.5 if a.scale is None else a.scale), "causal": bool(a.is_causal), "heads_at": 2}


def _reads_torch(a: Any, sizes: Sizes) -> Settings:
    return {**_reads(a, sizes), "heads_at": 1}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    query, key, value = (ops.moveaxis(one, 1, 2) if s.heads_at == 1 else one for one in inputs[:3])
    output = attend(ops, query, key, value, s.scale, causal=s.causal)
    return ops.moveaxis(output, 2, 1) if s.heads_at == 1 else output


def _without_mask(a: Any) -> bool:
    masks = (getattr(a, name, None) for name in ("attn_mask", "mask", "bias"))
    plain = not getattr(a, "dropout_p", 0.0) and not getattr(a, "enable_gqa", False)
    return plain and all(mask is None for mask in masks) and len(a.query.shape) == 4


_KERAS = "query, key, value, bias=None, mask=None, scale=None, is_causal=False, **_"
_TORCH = "query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False"
_JAX = "query, key, value, bias=None, mask=None, *, scale=None, is_causal=False, **_"
LAYER = LayerKind(
    "attention",
    {
        "tensorflow": Spelling(
            functions=(
                Function(("keras.src.backend.tensorflow.nn.dot_product_attention",), _KERAS, _reads, _without_mask, 3),
            ),
        ),
        "torch": Spelling(
            functions=(
                Function(("torch.nn.functional.scaled_dot_product_attention",), _TORCH, _reads_torch, _without_mask, 3),
            ),
        ),
        "jax": Spelling(functions=(Function(("jax.nn.dot_product_attention",), _JAX, _reads, _without_mask, 3),)),
    },
    settings=SETTINGS,
    compute=_compute,
)
