"""What to write in a side's file so that a tensor starts from a law that `named_distribution` has named."""

from __future__ import annotations

from collections.abc import Mapping

_KERNELS: Mapping[str, Mapping[str, str]] = {
    "Glorot uniform": {
        "tensorflow": 'kernel_initializer="glorot_uniform"',
        "torch": "nn.init.xavier_uniform_({layer}.weight)",
        "jax": "kernel_init=nnx.initializers.glorot_uniform()",
    },
    "Glorot normal": {
        "tensorflow": 'kernel_initializer="glorot_normal"',
        "jax": "kernel_init=nnx.initializers.glorot_normal()",
    },
    "He uniform": {
        "tensorflow": 'kernel_initializer="he_uniform"',
        "torch": 'nn.init.kaiming_uniform_({layer}.weight, nonlinearity="relu")',
        "jax": "kernel_init=nnx.initializers.he_uniform()",
    },
    "He normal": {
        "tensorflow": 'kernel_initializer="he_normal"',
        "jax": "kernel_init=nnx.initializers.he_normal()",
    },
    "LeCun uniform": {
        "tensorflow": 'kernel_initializer="lecun_uniform"',
        "jax": "kernel_init=nnx.initializers.lecun_uniform()",
    },
    "LeCun normal": {
        "tensorflow": 'kernel_initializer="lecun_normal"',
        "torch": "std = {scale} / 0.87962566; nn.init.trunc_normal_({layer}.weight, std=std, a=-2 * std, b=2 * std)",
        "jax": "kernel_init=nnx.initializers.lecun_normal()",
    },
    "uniform ±1/sqrt(fan in)": {
        "tensorflow": 'kernel_initializer=keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")',
        "torch": "nn.init.kaiming_uniform_({layer}.weight, a=5**0.5)",
        "jax": 'kernel_init=nnx.initializers.variance_scaling(1 / 3, "fan_in", "uniform")',
    },
}
_BIASES: Mapping[str, Mapping[str, str]] = {
    "constant 0": {
        "tensorflow": 'bias_initializer="zeros"',
        "torch": "nn.init.zeros_({layer}.bias)",
        "jax": "bias_init=nnx.initializers.zeros_init()",
    },
    "uniform ±1/sqrt(fan in)": {
        "tensorflow": "bias_initializer=keras.initializers.RandomUniform(-{scale}, {scale})",
        "torch": "nn.init.uniform_({layer}.bias, -{scale}, {scale})",
        "jax": "bias_init=lambda key, shape, dtype: jax.random.uniform(key, shape, dtype, -{scale}, {scale})",
    },
}


def start_fix(framework: str, tensor: str, law: str, code: str, spelled: str) -> str:
    """The code that gives a tensor this law; a comment where there is no short way to write it.

    Args:
        framework: whose code is wanted.
        tensor: canonical name of the tensor.
        law: as `named_distribution` says it, for example `Glorot uniform, ±0.0841`.
        code: the line that makes the layer.
        spelled: class of the layer; where the line assigns an object of it, that is the layer's name.
    """
    name = law.partition(",")[0].partition(" = ")[0]
    table = _BIASES if tensor.endswith(("/bias", "/offset")) else _KERNELS
    template = table.get(name, {}).get(framework)
    if template is None:
        return f"# draw {tensor} from: {law}"
    name_of_layer, equals, made = code.partition(" = ")
    direct = equals and made.partition("(")[0].rpartition(".")[2] == spelled
    layer = name_of_layer.strip() if direct else "layer"
    return template.format(layer=layer, scale=law.rpartition(" ")[2].lstrip("±"))
