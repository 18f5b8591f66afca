"""Multi-head attention: softmax(query · key / √key_dim) · value in each head, and a kernel over all heads.

Inputs are query, value and, where it is another one, key (Keras' order); one of them alone attends to itself. A last
input of truth values is the mask: (key time,) or (query time, key time), True where a query may attend (row H10).
`causal`: step i sees the steps up to i. Where a query may attend to nothing, all steps count alike, as in Keras and
JAX; PyTorch's layer gives NaN (row H11). `key_dim` is the size of each head, as in Keras; PyTorch and Flax take that of
all heads together (row H9), and PyTorch's layer only if it is the query's own size.

Canonical weights: `query_kernel`, `key_kernel`, `value_kernel` (in, heads, key_dim), `output_kernel` (heads, key_dim,
out) and their biases. The key's bias changes nothing (row E23). PyTorch stacks the first three, transposed, into one
matrix where all sizes are the same (torch/nn/modules/activation.py, 2.13). Softmax of `jax.nn.dot_product_attention`
is float32 (jax/_src/nn/functions.py, 0.10; row H14). Keras on TensorFlow rounds 1/√key_dim to float32
(keras/src/backend/tensorflow/nn.py, 3.15: `tf.cast` of a Python number), which is exact for powers of four.

`dropout` is that of the attention weights while training, a mask of its own for every sample, head, query and key.
Flax draws one for all samples and heads by default (flax/nnx/nn/attention.py, 0.12), and Keras computes the weights in
another way as soon as there is dropout: where a query may attend to nothing they are 0 then
(keras/src/layers/activations/softmax.py, 3.15; row H15).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace

from paragone.initialisers.base import Start
from paragone.layers.attending import CALLED_FLAX, CALLED_KERAS, CALLED_TORCH, SETTINGS, compute
from paragone.layers.base import LayerKind, Sizes
from paragone.layers.whole import batch_first, whole
from paragone.spelling.attention import ATTEND, KERAS_EXACT, KERAS_MEAN, OTHER_VALUE, TORCH
from paragone.spelling.code import Code, Construct, construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry, Options, Rate, Size, UnfitError
from paragone.spelling.site import Impossible, Site
from paragone.spelling.spelled import Helper, Note, Placed, Spelled, Stacked, Step
from paragone.task.tensor import Tensor


class MultiHeadAttention(Options):
    """Options of multi-head attention."""

    num_heads: Size
    key_dim: Size
    use_bias: bool = True
    causal: bool = False
    dropout: Rate = 0.0


@dataclass(frozen=True)
class _Taken:
    """The inputs by what they are, and the places where the call names them."""

    query: Tensor
    value: Tensor
    key: Tensor
    mask: Tensor | None
    names: tuple[str, ...]

    @property
    def mask_name(self) -> str:
        """The mask in the call."""
        return f"{{{len(self.names)}}}"

    @property
    def steps(self) -> tuple[int, int]:
        """Of the query and of the key."""
        return self.query.shape[0], self.key.shape[0]


def _taken(inputs: tuple[Tensor, ...]) -> _Taken:
    mask = inputs[-1] if inputs[-1].kind == "bool" else None
    values = inputs[:-1] if mask else inputs
    if not values or len(values) > 3:
        raise UnfitError("query, value and key, and then a mask of bool", ", ".join(one.words() for one in inputs))
    value = values[min(1, len(values) - 1)]
    names = tuple(f"{{{index}}}" for index in range(len(values)))
    return _Taken(values[0], value, values[2] if len(values) > 2 else value, mask, names)


def _output(_options: MultiHeadAttention, inputs: tuple[Tensor, ...]) -> Tensor:
    taken = _taken(inputs)
    for one in (taken.query, taken.value, taken.key):
        if len(one.shape) != 2 or one.kind != "float":
            raise UnfitError("sequences (time, feature) of floating numbers", one.words())
    if taken.key.shape[0] != taken.value.shape[0]:
        raise UnfitError(f"a key of {taken.value.shape[0]} steps, as many as the value has", taken.key.words())
    if taken.mask and taken.mask.shape not in {taken.steps, taken.steps[1:]}:
        wanted = f"a mask {Tensor(taken.steps[1:], 'bool').words()} or {Tensor(taken.steps, 'bool').words()}"
        raise UnfitError(wanted, taken.mask.words())
    return taken.query


def _weights(options: MultiHeadAttention, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    taken, heads = _taken(inputs), (options.num_heads, options.key_dim)
    features = taken.query.shape[-1]
    found: list[CanonicalWeight] = []
    for name, one in (("query", taken.query), ("key", taken.key), ("value", taken.value)):
        found += _projection(name, (one.shape[-1],), heads)
    found += _projection("output", heads, (features,))
    return tuple(weight for weight in found if options.use_bias or not weight.role.endswith("bias"))


def _projection(name: str, before: tuple[int, ...], after: tuple[int, ...]) -> list[CanonicalWeight]:
    start = Start("glorot_uniform", math.prod(before), math.prod(after))
    return [
        CanonicalWeight(f"{name}_kernel", (*before, *after), start, "kernel_initializer", regularised=True),
        CanonicalWeight(f"{name}_bias", after, Start("zeros"), "bias_initializer"),
    ]


def _kept(options: MultiHeadAttention, placed: list[Placed]) -> tuple[Placed, ...]:
    return tuple(one for one in placed if options.use_bias or not one.role.endswith("bias"))


# ---------------------------------------------------------------------- Keras


def _keras(site: Site) -> Spelled | Impossible:
    o: MultiHeadAttention = site.options
    taken = _taken(site.inputs)
    if site.matched and o.use_bias and o.key_dim == 1 and o.num_heads > 1 and o.num_heads in taken.steps:
        return Impossible("with key_dim 1, as many heads as steps, and biases, Keras adds them along the steps (C11)")
    helper = _keras_helper(o, taken) if site.matched else None
    made = construct(
        helper.name if helper else "layers.MultiHeadAttention",
        o.num_heads,
        o.key_dim,
        dropout=unless(0.0, o.dropout),
        use_bias=unless(True, o.use_bias),
    )
    given = [taken.names[0], taken.names[0]] if len(taken.names) == 1 else list(taken.names)
    if taken.mask:
        given.append(f"attention_mask={taken.mask_name}{'[:, None, :]' if len(taken.mask.shape) == 1 else ''}")
    if o.causal:
        given.append("use_causal_mask=True")
    placed = []
    for part in ("query", "key", "value", "output"):
        kernel = Placed(
            f"{part}_kernel", f"{part}_dense.kernel", (), None, "kernel_initializer", "glorot_uniform", True
        )
        placed.append(replace(kernel, regulariser="kernel_regularizer"))
        bias = Placed(f"{part}_bias", f"{part}_dense.bias", (), None, "bias_initializer", "zeros")
        placed.append(bias)
    return Spelled(made, f"{{layer}}({', '.join(given)})", placed=_kept(o, placed), helpers=(helper,) if helper else ())


def _keras_helper(o: MultiHeadAttention, taken: _Taken) -> Helper | None:
    """What is to stand in for Keras' own layer where that is not exact."""
    if o.dropout and taken.mask:
        return KERAS_MEAN
    scale = 1 / math.sqrt(o.key_dim)
    rounded = struct.unpack("f", struct.pack("f", scale))[0] != scale
    return KERAS_EXACT if rounded else None


# ---------------------------------------------------------------------- PyTorch


def _torch(site: Site) -> Spelled:
    o: MultiHeadAttention = site.options
    taken = _taken(site.inputs)
    fits = taken.query.shape[-1] == o.num_heads * o.key_dim
    return _torch_native(o, taken) if fits and not (site.matched and taken.mask) else _torch_own(o, taken)


def _torch_native(o: MultiHeadAttention, taken: _Taken) -> Spelled:
    size, key, value = taken.query.shape[-1], taken.key.shape[-1], taken.value.shape[-1]
    made = construct(
        "nn.MultiheadAttention",
        size,
        o.num_heads,
        dropout=unless(0.0, o.dropout),
        bias=unless(True, o.use_bias),
        kdim=unless(size, key),
        vdim=unless(size, value),
        batch_first=True,
    )
    query, second = taken.names[0], taken.names[min(1, len(taken.names) - 1)]
    given = [query, taken.names[2] if len(taken.names) > 2 else second, second, "need_weights=False"]
    blocked = []
    if o.causal:
        blocked.append(f"torch.ones({taken.steps}, dtype=torch.bool, device={query}.device).triu(1)")
    if taken.mask and len(taken.mask.shape) == 1:
        given.append(f"key_padding_mask=~{taken.mask_name}")
    elif taken.mask:
        blocked.append(f"~{taken.mask_name}.repeat_interleave({o.num_heads}, 0)")
    if blocked:
        given.append(f"attn_mask={' | '.join(blocked)}")
    notes = (Note("H10", "True means that a query may not attend"),) if o.causal else ()
    placed = _in_projection(o, (size, key, value))
    return Spelled(made, f"{{layer}}({', '.join(given)})[0]", "last", notes=notes, placed=placed)


def _in_projection(o: MultiHeadAttention, sizes: tuple[int, int, int]) -> tuple[Placed, ...]:
    """PyTorch stacks the three kernels where the three sizes are the same, and the biases always."""
    size, heads = sizes[0], (o.num_heads, o.key_dim)
    together = len(set(sizes)) == 1
    placed = []
    for index, (part, features) in enumerate(zip(("query", "key", "value"), sizes, strict=True)):
        rows = (0, index * size, (index + 1) * size)
        steps = _split(features, heads)
        if together:
            stacked = Stacked((3, *heads, features), (1, 2))
            placed.append(Placed(f"{part}_kernel", "in_proj_weight", steps, rows, stacked=stacked))
        else:
            stacked = Stacked((1, *heads, features), (1, 2))
            placed.append(Placed(f"{part}_kernel", f"{part[0]}_proj_weight", steps, native=True, stacked=stacked))
        bias = Placed(f"{part}_bias", "in_proj_bias", (("reshape", heads),), rows, default="zeros")
        placed.append(replace(bias, stacked=Stacked((3, *heads))))
    placed.append(_output_kernel("out_proj.weight", size, heads))
    placed.append(Placed("output_bias", "out_proj.bias", default="zeros"))
    return _kept(o, placed)


def _output_kernel(path: str, size: int, heads: tuple[int, int]) -> Placed:
    """From (out, heads · key_dim) to (heads, key_dim, out)."""
    merged = (("transpose", (1, 0)), ("reshape", (*heads, size)))
    return Placed("output_kernel", path, merged, native=True, stacked=Stacked((1, size, *heads), (-1, 1)))


def _split(features: int, heads: tuple[int, int]) -> tuple[Step, ...]:
    """From (heads · key_dim, in) to (in, heads, key_dim)."""
    return (("transpose", (1, 0)), ("reshape", (features, *heads)))


def _torch_own(o: MultiHeadAttention, taken: _Taken) -> Spelled:
    heads, size = (o.num_heads, o.key_dim), taken.query.shape[-1]
    sizes = {"query": size, "value": taken.value.shape[-1], "key": taken.key.shape[-1]}
    made = construct(TORCH.name, *heads, **{f"{part}_size": features for part, features in sizes.items()})
    made = made.having(bias=unless(True, o.use_bias), dropout=unless(0.0, o.dropout))
    second = taken.names[min(1, len(taken.names) - 1)]
    given = [taken.names[0], second, taken.names[2] if len(taken.names) > 2 else second]
    allowed = []
    if taken.mask:
        allowed.append(f"{taken.mask_name}[:, None{', None' if len(taken.mask.shape) == 1 else ''}]")
    if o.causal:
        allowed.append(f"torch.ones({taken.steps}, dtype=torch.bool, device={{0}}.device).tril()")
    if allowed:
        given.append(f"mask={' & '.join(allowed)}")
    placed = []
    for part, features in sizes.items():
        kernel = Placed(f"{part}_kernel", f"{part}.weight", _split(features, heads), native=True)
        placed.append(replace(kernel, stacked=Stacked((1, *heads, features), (1, 2))))
        placed.append(Placed(f"{part}_bias", f"{part}.bias", (("reshape", heads),), stacked=Stacked((1, *heads))))
    placed.append(_output_kernel("output.weight", size, heads))
    placed.append(Placed("output_bias", "output.bias"))
    call = f"{{layer}}({', '.join(given)})"
    return Spelled(made, call, "last", placed=_kept(o, placed), helpers=(TORCH,))


# ---------------------------------------------------------------------- JAX


def _jax(site: Site) -> Spelled:
    o: MultiHeadAttention = site.options
    taken = _taken(site.inputs)
    made = _flax(o, taken, site.matched)
    given = list(taken.names)
    if len(given) == 3:
        given[1:] = [given[2], given[1]]  # Flax takes the key before the value
    if taken.mask:
        given.append(f"mask={taken.mask_name}[:, None{', None' if len(taken.mask.shape) == 1 else ''}]")
    if o.causal:
        given.append("is_causal=True")
    placed = []
    for part, path in (("query", "query"), ("key", "key"), ("value", "value"), ("output", "out")):
        kernel = Placed(f"{part}_kernel", f"{path}.kernel", (), None, "kernel_init", "lecun_normal", True)
        placed += [kernel, Placed(f"{part}_bias", f"{path}.bias", (), None, "bias_init", "zeros")]
    helpers = (*((ATTEND,) if site.matched else ()), *((OTHER_VALUE,) if made.callee == OTHER_VALUE.name else ()))
    return Spelled(made, f"{{layer}}({', '.join(given)})", placed=_kept(o, placed), helpers=helpers)


def _flax(o: MultiHeadAttention, taken: _Taken, matched: bool) -> Construct:
    size, key, value = taken.query.shape[-1], taken.key.shape[-1], taken.value.shape[-1]
    made = construct(
        "nnx.MultiHeadAttention" if key == value else OTHER_VALUE.name,
        o.num_heads,
        size,
        qkv_features=unless(size, o.num_heads * o.key_dim),
        in_kv_features=unless(size, key),
        dropout_rate=unless(0.0, o.dropout),
        use_bias=unless(True, o.use_bias),
        decode=False,
        rngs=Code("rngs"),
    )
    if key != value:
        made = made.having(in_value_features=value)
    return made.having(attention_fn=Code(ATTEND.name)) if matched else made


def _products(inputs: tuple[Sizes, ...], _output: Sizes, weights: Mapping[str, Sizes]) -> float:
    """The four projections, and in all heads the products of queries with keys and of their shares with values.

    What a mask or `causal` leaves out counts as well, since it is computed and then not used.
    """
    steps, others = inputs[0][0], inputs[min(1, len(inputs) - 1)][0]
    kernel_of = {name: math.prod(weights[f"{name}_kernel"]) for name in ("query", "key", "value", "output")}
    projected = steps * (kernel_of["query"] + kernel_of["output"]) + others * (kernel_of["key"] + kernel_of["value"])
    return float(projected + 2 * steps * others * math.prod(weights["query_kernel"][1:]))


LAYER = LayerKind(
    "multi_head_attention",
    {
        "tensorflow": whole("MultiHeadAttention", (batch_first(),), _keras, CALLED_KERAS),
        "torch": whole("MultiheadAttention", (batch_first("batch_first"),), _torch, CALLED_TORCH),
        "jax": whole("MultiHeadAttention", (batch_first(),), _jax, CALLED_FLAX),
    },
    Entry(
        "Σ over heads of softmax(query · key / √key_dim) · value · output_kernel; a mask is True where a query may "
        "attend, and where it may nowhere, all steps count alike; dropout is on the weights, while training",
        MultiHeadAttention,
        _output,
        _weights,
        n_inputs=(1, 4),
        rows=("A10", "C11", "E23", "F11", "H9", "H10", "H11", "H12", "H14", "H15"),
        examples=(
            {"num_heads": 2, "key_dim": 2, "shape": (3, 4)},
            {"num_heads": 2, "key_dim": 3, "causal": True, "shape": (4, 5)},
            {"num_heads": 2, "key_dim": 2, "use_bias": False, "causal": True, "shape": (4, 4)},
            {"num_heads": 1, "key_dim": 4, "shapes": ((3, 4), (5, 2))},
            {"num_heads": 2, "key_dim": 3, "shapes": ((3, 4), (5, 2), (5, 3))},
            {"num_heads": 2, "key_dim": 2, "shapes": ((4, 4), (4,)), "kinds": ("float", "bool")},
            {
                "num_heads": 2,
                "key_dim": 2,
                "causal": True,
                "shapes": ((3, 4), (2, 4), (3, 2)),
                "kinds": ("float", "float", "bool"),
            },
            {"num_heads": 2, "key_dim": 2, "dropout": 0.3, "causal": True, "shape": (3, 4)},
            {"num_heads": 2, "key_dim": 3, "dropout": 0.5, "shapes": ((3, 4), (5, 2), (5, 3))},
            {
                "num_heads": 2,
                "key_dim": 2,
                "dropout": 0.3,
                "shapes": ((3, 4), (2, 4), (3, 2)),
                "kinds": ("float", "float", "bool"),
            },
        ),
    ),
    SETTINGS,
    compute,
    products=_products,
)
