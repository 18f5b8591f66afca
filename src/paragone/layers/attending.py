"""Layers of attention as the frameworks have them: how each is called, where it keeps its kernels, its exact form.

torch/nn/modules/activation.py, MultiheadAttention (2.13); flax/nnx/nn/attention.py, MultiHeadAttention (0.12);
keras/src/layers/attention/multi_head_attention.py (Keras 3.15). Of one that is used in a way which is not said here,
nothing is said.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from paragone.layers.base import Called, Setting, Settings

SETTINGS = (Setting("scale", "attention-scale", "H9"), Setting("causal", "attention-causal", "H10", False))
_PROJECTED, _JOINED = "bti,ihd->bthd", "bthd,hdo->bto"
_PARTS = ("query", "key", "value")
_SAMPLES = 8
Taken = tuple[tuple[Any, ...], SimpleNamespace]
"""Query, key and value, the batch first; and the canonical weights by role, the rate of dropout, whether it trains."""


def compute(ops: Any, inputs: tuple[Any, ...], s: Any, w: Any) -> Any:
    """The exact form of the whole layer."""
    query, key, value = _projected(ops.einsum, inputs, w.kernels, w.biases)
    heads = attend(ops, query, key, value, s.scale, causal=s.causal, rate=w.rate if w.training else 0.0)
    return _biased(ops.einsum(_JOINED, heads, w.kernels["output"]), w.biases["output"])


def _projected(einsum: Any, inputs: tuple[Any, ...], kernels: Any, biases: Any) -> tuple[Any, Any, Any]:
    query, key, value = inputs
    return (
        _biased(einsum(_PROJECTED, query, kernels["query"]), biases["query"]),
        _biased(einsum(_PROJECTED, key, kernels["key"]), biases["key"]),
        _biased(einsum(_PROJECTED, value, kernels["value"]), biases["value"]),
    )


def _biased(x: Any, bias: Any) -> Any:
    return x if bias is None else x + bias


def attend(ops: Any, query: Any, key: Any, value: Any, scale: float, *, causal: bool, rate: float = 0.0) -> Any:
    """softmax(scale · query · key) · value of tensors (batch, time, heads, size)."""
    import numpy as np

    scores = ops.einsum("bqhd,bkhd->bhqk", query, key) * scale
    if causal:
        steps = int(scores.shape[-2]), int(scores.shape[-1])
        scores = scores + ops.constant(np.where(np.tril(np.ones(steps)), 0.0, np.finfo("float32").min), scores)
    shifted = ops.exp(scores - ops.largest(scores, -1))
    shares = shifted / ops.reduce_sum(shifted, (-1,))
    if rate:
        shares = ops.dropout(shares, rate, True)
    return ops.einsum("bhqk,bkhd->bqhd", shares, value)


def by_values(ops: Any, taken: Taken, output: Any) -> Settings:
    """What the layer computes, from one call of it; nothing while it is only traced, or where it is something else."""
    import numpy as np

    from paragone.meaning.attention import Heads, seen_attention

    inputs, w = taken
    arrays = [ops.numbers(one) for one in (*inputs, output)]
    kernels: Any
    biases: Any
    kernels, biases = (
        {part: None if one is None else ops.numbers(one) for part, one in table.items()}
        for table in (w.kernels, w.biases)
    )
    if any(one is None for one in (*arrays, *kernels.values())) or (w.rate and w.training):
        return {}
    *given, gave = (one[:_SAMPLES] for one in arrays)

    def finish(made: Any) -> Any:
        return _biased(np.einsum(_JOINED, made, kernels["output"]), biases["output"])

    return seen_attention(Heads(*_projected(np.einsum, tuple(given), kernels, biases), gave, finish))


# ---------------------------------------------------------------------- what is masked


def _one_for_all(ops: Any, mask: Any) -> bool:
    """Whether a mask is the same for all samples and heads, so that it is no mask of padding."""
    if mask is None:
        return True
    array = ops.numbers(mask)
    if array is None:
        return True  # it was looked at when the call was seen
    rows = array.reshape(-1, *array.shape[-2:])
    return bool((rows == rows[:1]).all())


# ---------------------------------------------------------------------- PyTorch


def _takes_torch(ops: Any, layer: Any, a: Any) -> Taken | None:
    plain = layer.bias_k is None and not layer.add_zero_attn and a.key_padding_mask is None
    if not plain or len(a.query.shape) != 3 or not _one_for_all(ops, a.attn_mask):
        return None
    inputs = tuple(one if layer.batch_first else ops.moveaxis(one, 0, 1) for one in (a.query, a.key, a.value))
    size, heads = layer.embed_dim, layer.num_heads
    stacked = layer.in_proj_weight
    rows = (
        [stacked[i * size : (i + 1) * size] for i in range(3)]
        if stacked is not None
        else [layer.q_proj_weight, layer.k_proj_weight, layer.v_proj_weight]
    )
    kernels = {
        part: ops.reshape(ops.transpose(one, (1, 0)), (one.shape[1], heads, size // heads))
        for part, one in zip(_PARTS, rows, strict=True)
    }
    out, bias = layer.out_proj, layer.in_proj_bias
    kernels["output"] = ops.reshape(ops.transpose(out.weight, (1, 0)), (heads, size // heads, size))
    biases = {
        part: None if bias is None else ops.reshape(bias[i * size : (i + 1) * size], (heads, size // heads))
        for i, part in enumerate(_PARTS)
    } | {"output": out.bias}
    return inputs, SimpleNamespace(kernels=kernels, biases=biases, rate=layer.dropout, training=layer.training)


def _gives_torch(ops: Any, layer: Any, _a: Any, output: Any) -> Any:
    """The outputs and no weights, which are not computed."""
    return (output if layer.batch_first else ops.moveaxis(output, 0, 1)), None


def _gave_torch(ops: Any, layer: Any, result: Any) -> Any:
    return result[0] if layer.batch_first else ops.moveaxis(result[0], 0, 1)


CALLED_TORCH = Called(
    "query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, "
    "is_causal=False",
    _takes_torch,
    by_values,
    _gives_torch,
    _gave_torch,
)

# ---------------------------------------------------------------------- Flax


def _takes_flax(ops: Any, layer: Any, a: Any) -> Taken | None:
    key = a.inputs_q if a.inputs_k is None else a.inputs_k
    inputs = a.inputs_q, key, key if a.inputs_v is None else a.inputs_v
    decodes = layer.decode if a.decode is None else a.decode
    shared = getattr(layer, "num_kv_heads", layer.num_heads) != layer.num_heads
    if decodes or shared or layer.normalize_qk or len(inputs[0].shape) != 3 or not _one_for_all(ops, a.mask):
        return None
    still = layer.deterministic if a.deterministic is None else a.deterministic
    parts = {"query": layer.query, "key": layer.key, "value": layer.value, "output": layer.out}
    return inputs, _held(ops, parts, layer.dropout_rate, not still)


def _held(ops: Any, parts: Any, rate: float, training: bool) -> SimpleNamespace:
    """The weights of four layers that keep them in canonical layout."""
    kernels = {part: ops.value(one.kernel) for part, one in parts.items()}
    biases = {part: None if one.bias is None else ops.value(one.bias) for part, one in parts.items()}
    return SimpleNamespace(kernels=kernels, biases=biases, rate=rate, training=bool(training))


CALLED_FLAX = Called(
    "inputs_q, inputs_k=None, inputs_v=None, *, mask=None, deterministic=None, rngs=None, sow_weights=False, "
    "decode=None, is_causal=False, **_",
    _takes_flax,
    by_values,
)

# ---------------------------------------------------------------------- Keras


def _takes_keras(ops: Any, layer: Any, a: Any) -> Taken | None:
    padded = any(one is not None for one in (a.query_mask, a.value_mask, a.key_mask))
    other = getattr(layer, "_use_gate", False) or getattr(layer, "_sliding_window", None) is not None
    if (
        padded
        or other
        or a.return_attention_scores
        or len(a.query.shape) != 3
        or not _one_for_all(ops, a.attention_mask)
    ):
        return None
    inputs = a.query, a.value if a.key is None else a.key, a.value
    parts = {
        "query": layer.query_dense,
        "key": layer.key_dense,
        "value": layer.value_dense,
        "output": layer.output_dense,
    }
    return inputs, _held(ops, parts, layer.dropout, bool(a.training))


CALLED_KERAS = Called(
    "query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None, "
    "return_attention_scores=False, training=None, use_causal_mask=False",
    _takes_keras,
    by_values,
)
