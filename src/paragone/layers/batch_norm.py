"""Batch normalisation over the channel axis.

Canonical weights: `scale`, `offset` and the running statistics `mean` and `variance`, each (channels).

`momentum` is canonical as the weight of the OLD statistic: 0.99 by default in Keras
(keras/src/layers/normalization/batch_normalization.py, 3.15) and Flax (flax/nnx/nn/normalization.py, 0.12); PyTorch's
argument is the weight of the NEW value, 0.1 by default, which is 0.9 here (torch/nn/modules/batchnorm.py, 2.13). Train
loss is the same either way: only evaluation differs. `epsilon` is 1e-3 in Keras, 1e-5 in PyTorch and Flax. PyTorch
alone keeps an unbiased running variance (n / (n - 1)), and refuses a batch of one value for each channel (row B4).

As a word of task files: the running variance is the biased one, `momentum` 0.99 and `epsilon` 1e-5 as in Flax.
"""

from __future__ import annotations

from dataclasses import replace

from paragone.initialisers.base import Start
from paragone.layers.base import Attribute, Function, LayerKind, Spelling, Weight
from paragone.layers.functional import called_with, with_function
from paragone.layers.norm_traits import fast_variance, scale_and_offset
from paragone.spelling.entry import CanonicalWeight, Entry, Rate
from paragone.spelling.norms import Normalisation, affine, channelled, jax_norm, keras_norm, torch_norm
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Placed, Spelled
from paragone.task.tensor import Tensor


class BatchNorm(Normalisation):
    """Options of batch normalisation."""

    momentum: Rate = 0.99


_MOMENTUM = Note("B1", "PyTorch's momentum is the weight of the new value, 1 minus that of the old one")


def biased_variance(native: str) -> Helper:
    """A subclass of one of PyTorch's classes that keeps the biased running variance."""
    return Helper(
        f"Biased{native}",
        f'''
class Biased{native}(nn.{native}):
    """Batch normalisation that keeps the biased running variance and takes any batch."""

    running_mean: torch.Tensor
    running_var: torch.Tensor
    momentum: float

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean, var = self.running_mean, self.running_var
        if self.training:
            axes = [axis for axis in range(x.ndim) if axis != 1]
            var, mean = torch.var_mean(x, axes, correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean.to(self.running_mean), self.momentum)
                self.running_var.lerp_(var.to(self.running_var), self.momentum)
        shape = [-1, *[1] * (x.ndim - 2)]
        x = (x - mean.view(shape)) / torch.sqrt(var + self.eps).view(shape)
        if self.affine:
            x = x * self.weight.view(shape) + self.bias.view(shape)
        return x
''',
        Note("B3, B4", "PyTorch would keep the unbiased running variance, and refuse one value for each channel"),
    )


def _output(_options: BatchNorm, inputs: tuple[Tensor, ...]) -> Tensor:
    return Tensor(channelled(inputs, 0, 3))


def _canonical(options: BatchNorm, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    shape = inputs[0].shape[-1:]
    mean = CanonicalWeight("mean", shape, Start("zeros"), trainable=False)
    variance = CanonicalWeight("variance", shape, Start("ones"), trainable=False)
    return (*affine(options, inputs), mean, variance)


def _statistics(mean: str, variance: str) -> tuple[Placed, ...]:
    return Placed("mean", mean), Placed("variance", variance)


def _keras(site: Site) -> Spelled:
    spelled = keras_norm(site, "B2", "BatchNormalization", momentum=site.given("momentum", 0.99))
    return replace(spelled, placed=(*spelled.placed, *_statistics("moving_mean", "moving_variance")))


def _torch(site: Site) -> Spelled:
    native = f"BatchNorm{max(site.rank, 1)}d"
    helper = biased_variance(native)
    layer = helper.name if site.matched else f"nn.{native}"
    spelled = torch_norm(site, layer, site.channels, momentum=site.given("momentum", 0.1, to=_other))
    return replace(
        spelled,
        placed=(*spelled.placed, *_statistics("running_mean", "running_var")),
        helpers=(helper,) if site.matched else (),
        notes=(_MOMENTUM,) if site.matched else (),
    )


def _jax(site: Site) -> Spelled:
    spelled = jax_norm(site, "B2", 1e-5, "BatchNorm", momentum=site.given("momentum", 0.99))
    return replace(spelled, placed=(*spelled.placed, *_statistics("mean", "var")))


def _other(value: float | None) -> float | None:
    """From the weight of the new value to that of the old one, and back; rounded so that 1 - 0.1 is 0.9."""
    return None if value is None else round(1.0 - value, 12)


_STATISTICS = {True: "batch", False: "running"}
TRAINING_STATISTICS = "training_statistics"
NORMALISES_WITH = "normalises_with"
"""Where a worker notes on a module of PyTorch's what it normalises with while its model trains."""


def normalises_with(module: object) -> str:
    """With which statistics, of the `batch` or `running`, a module of PyTorch's was seen to normalise in training."""
    return str(getattr(module, NORMALISES_WITH, "batch"))


def _attributes(epsilon: str, *, new: bool, fast: str = "", trainable: str = "") -> tuple[Attribute, ...]:
    momentum = Attribute("momentum", "momentum", "batch-norm-momentum", "B1")
    if new:
        momentum = Attribute("momentum", "momentum", "batch-norm-momentum", "B1", _other)
    variance = Attribute(
        "running_variance",
        "",
        "batch-norm-unbiased-variance",
        "B3",
        fixed="unbiased" if new else "biased",
        settable=new,
        toward="biased",
    )
    divisor = Attribute("variance_divisor", "", "variance-correction", "G18", fixed="n", settable=new, toward="n")
    statistics = Attribute(
        TRAINING_STATISTICS,
        trainable,
        "batch-norm-frozen",
        "B5",
        _STATISTICS.get,
        fixed="batch",
        settable=new,
        reads=normalises_with if new else None,
    )
    epsilon_trait = Attribute("epsilon", epsilon, "batch-norm-epsilon", "B2")
    return momentum, epsilon_trait, divisor, variance, statistics, fast_variance(fast)


def _weights(scale: str, offset: str, mean: str, variance: str) -> tuple[Weight, ...]:
    return (
        Weight("scale", scale),
        Weight("offset", offset),
        Weight("mean", mean, trainable=False),
        Weight("variance", variance, trainable=False),
    )


def _functions() -> tuple[Function, ...]:
    """TensorFlow's and Keras' functions, which are given mean and variance."""
    keras = Spelling(weights=scale_and_offset("scale", "offset"), attributes=_attributes("epsilon", new=False))
    parameters = "x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3"
    own = "x, mean, variance, offset, scale, variance_epsilon, name=None"
    return (
        called_with(keras, "keras.src.backend.tensorflow.nn.batch_normalization", parameters, epsilon="epsilon"),
        called_with(keras, "tensorflow.nn.batch_normalization", own, epsilon="variance_epsilon"),
    )


LAYER = LayerKind(
    "batch_norm",
    {
        "tensorflow": Spelling(
            ("BatchNormalization",),
            _weights("gamma", "beta", "moving_mean", "moving_variance"),
            _attributes("epsilon", new=False, trainable="trainable"),
            _keras,
            functions=_functions(),
        ),
        "torch": with_function(
            Spelling(
                ("_BatchNorm",),
                _weights("weight", "bias", "running_mean", "running_var"),
                _attributes("eps", new=True),
                _torch,
            ),
            "torch.nn.functional.batch_norm",
            "input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5",
            epsilon="eps",
            momentum="momentum",
        ),
        "jax": Spelling(
            ("BatchNorm",),
            _weights("scale", "bias", "mean", "var"),
            _attributes("epsilon", new=False, fast="use_fast_variance"),
            _jax,
        ),
    },
    Entry(
        "scale · (x - mean) / √(variance + epsilon) + offset for each channel; mean and variance are those of the "
        "batch in training, running averages later, of which the old value keeps the weight momentum",
        BatchNorm,
        _output,
        _canonical,
        rows=("B1", "B2", "B3", "B4", "B7", "A14"),
        examples=(
            {"shape": (5,)},
            {"momentum": 0.7, "epsilon": 0.01, "shape": (4, 3)},
            {"scale": False, "shape": (4, 5, 3)},
            {"center": False, "momentum": 0.8, "shape": (2, 3, 2, 3)},
            {"center": False, "scale": False, "shape": (4, 5, 3)},
        ),
    ),
)
