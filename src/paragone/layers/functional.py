"""Functions that are given the weights of a layer as arguments: convolutions, products with a matrix, normalisations.

PyTorch: torch/nn/functional.py (2.13). JAX: jax/_src/lax/convolution.py and jax/_src/numpy/tensor_contractions.py
(0.10). TensorFlow: tensorflow/python/ops/nn_ops.py (2.21); `keras.ops` ends in keras/src/backend/tensorflow/nn.py and
numpy.py (Keras 3.15), with TensorFlow's layout: channels last, a kernel (spatial axes, in, out).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from paragone.layers.base import Function, Settings, Sizes, Spelling, Weight
from paragone.layers.exact import Pads, each, pads_of

_KERNEL = "kernel_spatial_io"
_KERAS = "keras.src.backend.tensorflow.nn"
_TF_TAIL = "strides, padding, data_format=None, dilations=None, name=None"
_LAX = (
    "lhs, rhs, window_strides, padding, lhs_dilation=None, rhs_dilation=None, dimension_numbers=None, "
    "feature_group_count=1, batch_group_count=1, precision=None, preferred_element_type=None, **_"
)


def _conv(
    kernel: Sequence[int], strides: Any, padding: Any, dilation: Any, groups: int, sizes: Sizes, *, odd_at_end: bool
) -> Settings:
    """A convolution; `odd_at_end` says that "same" does not look at the strides, as in PyTorch, which takes none."""
    rank = len(sizes)
    steps, dilated = each(strides, rank), each(dilation, rank)
    pads: Pads | str = pads_of(padding, sizes, kernel, steps, dilated)
    if odd_at_end and padding == "same":
        totals = [(k - 1) * d for k, d in zip(kernel, dilated, strict=True)]
        pads = tuple((total // 2, total - total // 2) for total in totals)
    return {"strides": steps, "padding": pads, "dilation": dilated, "groups": groups, "padding_mode": "zeros"}


# ---------------------------------------------------------------------- PyTorch


def _reads_torch(a: Any, sizes: Sizes) -> Settings:
    kernel = tuple(a.weight.shape[2:])
    return _conv(kernel, a.stride, a.padding, a.dilation, a.groups, sizes, odd_at_end=True)


def _batched(a: Any) -> bool:
    return len(a.input.shape) == len(a.weight.shape)


def torch_conv_functions() -> tuple[Function, ...]:
    """`F.conv1d`, `F.conv2d` and `F.conv3d`."""
    weights = (Weight(_KERNEL, "weight", output_first=True), Weight("bias", "bias"))
    parameters = "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1"
    return tuple(
        Function((f"torch.nn.functional.conv{rank}d",), parameters, _reads_torch, _batched, weights=weights)
        for rank in (1, 2, 3)
    )


def torch_transposed(reads: Callable[[Any, Sizes], Settings]) -> tuple[Function, ...]:
    """`F.conv_transpose1d` to `F.conv_transpose3d`; `reads` are the settings of the layer's object."""
    weights = (Weight("kernel_spatial_oi", "weight", output_first=True), Weight("bias", "bias"))
    parameters = "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1"
    return tuple(
        Function((f"torch.nn.functional.conv_transpose{rank}d",), parameters, reads, _batched, weights=weights)
        for rank in (1, 2, 3)
    )


# ---------------------------------------------------------------------- TensorFlow


def _inner(value: Any, rank: int) -> tuple[int, ...]:
    """The spatial axes of a number for each axis, of which the first and the last are of samples and channels."""
    numbers = each(1 if value is None else value, rank)
    return numbers[1:-1] if len(numbers) == rank + 2 else numbers


def _tf_padding(padding: Any) -> Any:
    return padding if isinstance(padding, str) else [tuple(pair) for pair in padding][1:-1]


def _reads_tf(a: Any, sizes: Sizes) -> Settings:
    rank = len(sizes)
    strides, dilation = _inner(a.strides, rank), _inner(a.dilations, rank)
    groups = int(a.input.shape[-1]) // int(a.filters.shape[-2])
    kernel = tuple(a.filters.shape[:-2])
    return _conv(kernel, strides, _tf_padding(a.padding), dilation, groups, sizes, odd_at_end=False)


def _reads_keras(a: Any, sizes: Sizes) -> Settings:
    groups = int(a.inputs.shape[-1]) // int(a.kernel.shape[-2])
    return _conv(tuple(a.kernel.shape[:-2]), a.strides, a.padding, a.dilation_rate, groups, sizes, odd_at_end=False)


def _reads_depthwise(a: Any, sizes: Sizes) -> Settings:
    channels = int(a.inputs.shape[-1])
    return _conv(tuple(a.kernel.shape[:-2]), a.strides, a.padding, a.dilation_rate, channels, sizes, odd_at_end=False)


def _last(a: Any) -> bool:
    return a.data_format in {None, "channels_last", "NWC", "NHWC", "NDHWC"}


def keras_conv_functions() -> tuple[Function, ...]:
    """`tf.nn.conv2d` and its kin, `keras.ops.conv`, and a depthwise convolution, which is a grouped one."""
    ours = (Weight(_KERNEL, "filters"),)
    own = f"input, filters, {_TF_TAIL}"
    keras = "inputs, kernel, strides=1, padding='valid', data_format=None, dilation_rate=1"
    multiplied = (Weight(_KERNEL, "kernel", multiplied=True),)
    return (
        *(Function((f"tensorflow.nn.conv{rank}d",), own, _reads_tf, _last, weights=ours) for rank in (2, 3)),
        Function(
            ("tensorflow.nn.conv1d",),
            own.replace("strides", "stride"),
            lambda a, sizes: _reads_tf(_with_strides(a), sizes),
            _last,
            weights=ours,
        ),
        Function(
            ("tensorflow.nn.convolution",),
            "input, filters, strides=None, padding='VALID', data_format=None, dilations=None, name=None",
            _reads_tf,
            _last,
            weights=ours,
        ),
        Function((f"{_KERAS}.conv",), keras, _reads_keras, _last, weights=(Weight(_KERNEL, "kernel"),)),
        Function((f"{_KERAS}.depthwise_conv",), keras, _reads_depthwise, _last, weights=multiplied),
    )


def _with_strides(a: Any) -> Any:
    a.strides = a.stride
    return a


# ---------------------------------------------------------------------- JAX


def _channels(a: Any) -> str:
    """Where `lax` is given the channels: `first`, `last`, or empty for another order."""
    said, rank = a.dimension_numbers, len(a.lhs.shape)
    plain = a.lhs_dilation is None or set(a.lhs_dilation) == {1}
    if not plain or a.batch_group_count != 1 or a.padding == "SAME_LOWER":
        return ""
    axes = "DHW"[5 - rank :]
    if said is None or tuple(said) == (f"NC{axes}", f"OI{axes}", f"NC{axes}"):
        return "first"
    last, first = f"N{axes}C", tuple(range(1, rank - 1))
    found = {
        (last, f"{axes}IO", last),
        ((0, rank - 1, *first), (rank - 1, rank - 2, *range(rank - 2)), (0, rank - 1, *first)),
    }
    return "last" if tuple(said) in found else ""


def _reads_lax(a: Any, sizes: Sizes) -> Settings:
    shape = tuple(a.rhs.shape)
    kernel = shape[2:] if _channels(a) == "first" else shape[:-2]
    dilation = a.rhs_dilation or 1
    return _conv(kernel, a.window_strides, a.padding, dilation, a.feature_group_count, sizes, odd_at_end=False)


def jax_conv_functions() -> tuple[Function, ...]:
    """`jax.lax.conv_general_dilated` with the channels last or first, and `jax.lax.conv`, which has them first."""
    places, first = ("jax.lax.conv_general_dilated",), (Weight(_KERNEL, "rhs", output_first=True),)
    last = (Weight(_KERNEL, "rhs"),)
    return (
        Function(places, _LAX, _reads_lax, lambda a: _channels(a) == "last", weights=last),
        Function(places, _LAX, _reads_lax, lambda a: _channels(a) == "first", weights=first, channels_at=1),
    )


# ---------------------------------------------------------------------- products with a matrix


def product_functions(framework: str) -> tuple[Function, ...]:
    """Functions that multiply by a matrix; a bias may come after them."""
    places = {
        "torch": ("torch.matmul", "torch.mm", "torch.Tensor.matmul", "torch.Tensor.mm", "torch.Tensor.__matmul__"),
        "jax": ("jax.numpy.matmul", "jax.numpy.dot", "jaxlib._jax.ArrayImpl.__matmul__"),
        "tensorflow": ("tensorflow.matmul", "tensorflow.linalg.matmul", "keras.src.backend.tensorflow.numpy.matmul"),
    }[framework]
    return (Function(places, "a, b, **_", when=_by_matrix, weights=(Weight("kernel_io", "b"),)),)


def _by_matrix(a: Any) -> bool:
    return len(a.b.shape) == 2 and not any(a._.get(name) for name in ("transpose_a", "transpose_b", "adjoint_b"))


def torch_linear() -> Function:
    """`F.linear`."""
    weights = (Weight("kernel_io", "weight", output_first=True), Weight("bias", "bias"))
    return Function(("torch.nn.functional.linear",), "input, weight, bias=None", weights=weights)


# ---------------------------------------------------------------------- normalisations and embeddings


def called_with(
    spelling: Spelling, place: str, parameters: str, weights: tuple[Weight, ...] = (), **arguments: str
) -> Function:
    """A function some of whose arguments are traits of a layer.

    Args:
        spelling: of the layer in this framework.
        place: where the function is.
        parameters: of it.
        weights: by the arguments that they are given as, where these have other names than on the layer's object.
        arguments: from the name of a trait to that of the argument.
    """
    given = weights or spelling.weights
    told = tuple(replace(one, attribute=arguments[one.trait]) for one in spelling.attributes if one.trait in arguments)
    return Function(
        (place,),
        parameters,
        when=lambda a: getattr(a, given[0].attribute) is not None,
        weights=given,
        arguments=told,
    )


def with_function(
    spelling: Spelling, place: str, parameters: str, weights: tuple[Weight, ...] = (), **arguments: str
) -> Spelling:
    """A layer that a function computes as well."""
    return replace(spelling, functions=(called_with(spelling, place, parameters, weights, **arguments),))
