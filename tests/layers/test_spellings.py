"""Every layer and optimizer is spelled by classes, weights and attributes that the installed framework really has."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.frameworks.known_loss import TRAPS as LOSS_TRAPS
from paragone.layers import known_kinds, layer_kinds
from paragone.layers.base import Weight
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.base import OptimizerKind
from paragone.prove.schedules import TESTS as SCHEDULES
from paragone.prove.traps import TRAPS

FRAMEWORKS = ("tensorflow", "torch", "jax")
TENSORFLOW = """
import json, keras
from paragone.layers import kind_of
from paragone.optimizers import kind_of as optimizer_of
L = keras.layers
layers = {
    "dense": (L.Dense(3), (2, 5)),
    "conv": (L.Conv2D(4, 3), (2, 8, 8, 3)),
    "conv 1": (L.Conv1D(4, 3), (2, 8, 3)),
    "conv 3": (L.Conv3D(4, 3), (2, 5, 5, 5, 3)),
    "batch_norm": (L.BatchNormalization(), (2, 8, 8, 3)),
    "layer_norm": (L.LayerNormalization(), (2, 5)),
    "group_norm": (L.GroupNormalization(2), (2, 8, 8, 4)),
    "embedding": (L.Embedding(7, 4), (2, 5)),
    "dropout": (L.Dropout(0.3), (2, 5)),
    "dropout 2": (L.SpatialDropout2D(0.3), (2, 8, 8, 3)),
    "leaky_relu": (L.LeakyReLU(), (2, 5)),
    "conv_transpose": (L.Conv2DTranspose(4, 3), (2, 8, 8, 3)),
    "instance_norm": (L.GroupNormalization(-1), (2, 8, 8, 4)),
    "rms_norm": (L.RMSNormalization(), (2, 5)),
    "max_pool": (L.MaxPooling2D(2), (2, 8, 8, 3)),
    "average_pool": (L.AveragePooling1D(2), (2, 8, 3)),
    "upsample": (L.UpSampling2D(2), (2, 8, 8, 3)),
    "zero_pad": (L.ZeroPadding2D(1), (2, 8, 8, 3)),
    "relu": (L.ReLU(), (2, 5)),
    "elu": (L.ELU(), (2, 5)),
    "softmax": (L.Softmax(), (2, 5)),
    "lstm": (L.LSTM(3), (2, 4, 5)),
    "gru": (L.GRU(3), (2, 4, 5)),
    "simple_rnn": (L.SimpleRNN(3), (2, 4, 5)),
    "multi_head_attention": (L.MultiHeadAttention(2, 3), None),
}
for layer, shape in layers.values():
    if shape:
        layer.build(shape)
layers = {name: layer for name, (layer, _) in layers.items()}
optimizers = {name: getattr(keras.optimizers, name)() for name in ("Adam", "AdamW", "SGD", "RMSprop")}
def classes(optimizer): return [parent.__name__ for parent in type(optimizer).__mro__]
def has(optimizer, place): return hasattr(optimizer, place)
FRAMEWORK = "tensorflow"
"""
TORCH = """
import json, torch
from torch import nn
from paragone.layers import kind_of
from paragone.optimizers import kind_of as optimizer_of
layers = {
    "dense": nn.Linear(5, 3), "conv": nn.Conv2d(3, 4, 3), "conv 1": nn.Conv1d(3, 4, 3), "conv 3": nn.Conv3d(3, 4, 3),
    "batch_norm": nn.BatchNorm2d(3), "batch_norm 1": nn.BatchNorm1d(3), "layer_norm": nn.LayerNorm(5),
    "group_norm": nn.GroupNorm(2, 4), "embedding": nn.Embedding(7, 4), "dropout": nn.Dropout(0.3),
    "dropout 2": nn.Dropout2d(0.3), "leaky_relu": nn.LeakyReLU(), "conv_transpose": nn.ConvTranspose2d(3, 4, 3),
    "instance_norm": nn.InstanceNorm2d(4, affine=True), "rms_norm": nn.RMSNorm(5), "max_pool": nn.MaxPool2d(2),
    "average_pool": nn.AvgPool2d(2), "upsample": nn.Upsample(scale_factor=2), "zero_pad": nn.ZeroPad2d(1),
    "lstm": nn.LSTM(5, 3), "gru": nn.GRU(5, 3), "simple_rnn": nn.RNN(5, 3),
    "multi_head_attention": nn.MultiheadAttention(6, 2), "relu": nn.ReLU(), "relu6": nn.ReLU6(), "elu": nn.ELU(),
    "celu": nn.CELU(), "selu": nn.SELU(), "gelu": nn.GELU(), "silu": nn.SiLU(), "mish": nn.Mish(),
    "sigmoid": nn.Sigmoid(), "log_sigmoid": nn.LogSigmoid(), "hard_sigmoid": nn.Hardsigmoid(),
    "hard_swish": nn.Hardswish(), "hard_tanh": nn.Hardtanh(), "tanh": nn.Tanh(), "tanh_shrink": nn.Tanhshrink(),
    "softplus": nn.Softplus(), "softsign": nn.Softsign(), "softmax": nn.Softmax(-1),
    "log_softmax": nn.LogSoftmax(-1), "threshold": nn.Threshold(0.1, 0.2), "hard_shrink": nn.Hardshrink(),
    "soft_shrink": nn.Softshrink(),
}
parameters = [nn.Parameter(torch.zeros(1))]
optimizers = {name: getattr(torch.optim, name)(parameters) for name in ("Adam", "AdamW", "SGD", "RMSprop")}
def classes(optimizer): return [parent.__name__ for parent in type(optimizer).__mro__]
def has(optimizer, place): return place.split(".")[0] in optimizer.param_groups[0]
FRAMEWORK = "torch"
"""
JAX = """
import json, optax
from flax import nnx
from paragone.frameworks.jax.closures import makers, transformations
from paragone.layers import kind_of
from paragone.optimizers import kind_of as optimizer_of
rngs = nnx.Rngs(0)
layers = {
    "dense": nnx.Linear(5, 3, rngs=rngs), "conv": nnx.Conv(3, 4, (3, 3), rngs=rngs),
    "conv 1": nnx.Conv(3, 4, (3,), rngs=rngs), "batch_norm": nnx.BatchNorm(3, rngs=rngs),
    "layer_norm": nnx.LayerNorm(5, rngs=rngs), "group_norm": nnx.GroupNorm(4, num_groups=2, rngs=rngs),
    "embedding": nnx.Embed(7, 4, rngs=rngs), "dropout": nnx.Dropout(0.3, rngs=rngs),
    "conv_transpose": nnx.ConvTranspose(3, 4, (3, 3), rngs=rngs), "instance_norm": nnx.InstanceNorm(4, rngs=rngs),
    "rms_norm": nnx.RMSNorm(5, rngs=rngs), "lstm": nnx.OptimizedLSTMCell(5, 3, rngs=rngs),
    "lstm 2": nnx.LSTMCell(5, 3, rngs=rngs), "gru": nnx.GRUCell(5, 3, rngs=rngs),
    "simple_rnn": nnx.SimpleCell(5, 3, rngs=rngs),
    "multi_head_attention": nnx.MultiHeadAttention(2, 6, rngs=rngs),
}
optimizers = {
    "Adam": optax.adamw(1e-3), "SGD": optax.chain(optax.add_decayed_weights(0.1), optax.sgd(0.1, 0.9)),
    "RMSprop": optax.chain(optax.add_decayed_weights(0.1), optax.rmsprop(1e-3, momentum=0.9)),
}
def classes(optimizer): return makers(optimizer.update)
def has(optimizer, place): return place in {f"{maker}.{name}" for maker, name, _ in transformations(optimizer.update)}
FRAMEWORK = "jax"
"""
SAY = """
def layer(thing):
    name, spelling = kind_of(thing, FRAMEWORK)
    weights = {w.role: list(getattr(thing, w.attribute).shape) for w in spelling.weights}
    traits = {a.trait: a.read(thing) for a in spelling.attributes}
    return {"kind": name, "weights": weights, "traits": traits}

def optimizer(thing):
    kind = optimizer_of(classes(thing), FRAMEWORK)
    places = [t.places[FRAMEWORK].split("|") for t in kind.traits if FRAMEWORK in t.places and t.absent is None]
    return {"kind": kind.name, "missing": [some for some in places if not any(has(thing, one) for one in some)]}

print(json.dumps({
    "layers": {name: layer(thing) for name, thing in layers.items()},
    "optimizers": {name: optimizer(thing) for name, thing in optimizers.items()},
}))
"""


@pytest.fixture(scope="module")
def live() -> dict[str, Any]:
    """What each framework's own objects say, each in a process of its own."""
    codes = zip(FRAMEWORKS, (TENSORFLOW, TORCH, JAX), strict=True)
    running = {
        name: subprocess.Popen(
            [sys.executable, "-c", code + SAY], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name, code in codes
    }
    found = {}
    for name, process in running.items():
        output, errors = process.communicate(timeout=240)
        assert process.returncode == 0, errors
        found[name] = json.loads(output.splitlines()[-1])
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_layer_is_known_by_its_class_and_has_its_weights(live: dict[str, Any], framework: str) -> None:
    said = live[framework]["layers"]
    kinds = layer_kinds().values()
    spelled = {kind.name for kind in kinds if framework in kind.spellings and kind.spellings[framework].classes}
    assert {name.split()[0] for name in said} == spelled
    for name, layer in said.items():
        assert layer["kind"] == name.split()[0]
        assert all(layer["weights"].values()), f"{name} has a weight without a shape"
        assert {name for name, value in layer["traits"].items() if value is None} <= {"padding_row"}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_optimizer_is_known_and_keeps_its_numbers_where_we_look(live: dict[str, Any], framework: str) -> None:
    kinds = {"Adam": "adam", "AdamW": "adam", "SGD": "sgd", "RMSprop": "rmsprop"}
    for name, optimizer in live[framework]["optimizers"].items():
        assert optimizer == {"kind": kinds[name], "missing": []}


def test_defaults_are_what_the_catalogue_says(live: dict[str, Any]) -> None:
    def trait(layer: str, name: str) -> list[Any]:
        return [live[framework]["layers"][layer]["traits"][name] for framework in FRAMEWORKS]

    assert trait("batch_norm", "momentum") == [0.99, 0.9, 0.99]
    assert trait("batch_norm", "epsilon") == [1e-3, 1e-5, 1e-5]
    assert trait("batch_norm", "running_variance") == ["biased", "unbiased", "biased"]
    assert trait("layer_norm", "epsilon") == [1e-3, 1e-5, 1e-6]
    assert trait("group_norm", "epsilon") == [1e-3, 1e-5, 1e-6]
    assert trait("group_norm", "groups") == [2, 2, 2]
    assert trait("dropout", "rate") == [0.3, 0.3, 0.3]


@given(st.integers(2, 5).flatmap(lambda n: st.tuples(*(st.integers(1, 4) for _ in range(n)))))
def test_layouts_go_there_and_back(shape: tuple[int, ...]) -> None:
    weight = Weight("kernel_spatial_io", "weight", output_first=True)
    native = np.arange(np.prod(shape)).reshape(shape)
    canonical = weight.to_canonical(native)
    assert canonical.shape == (*shape[2:], shape[1], shape[0])
    assert np.array_equal(weight.from_canonical(canonical), native)


def test_every_trap_that_a_layer_or_optimizer_names_is_described_and_used() -> None:
    layers = {a.trap for kind in known_kinds().values() for s in kind.spellings.values() for a in s.attributes}
    layers |= {setting.trap for kind in known_kinds().values() for setting in kind.settings}
    kinds: list[OptimizerKind] = list(optimizer_kinds().values())
    optimizers = {trait.trap for kind in kinds for trait in kind.traits}
    learning = {trap for trap, _ in LOSS_TRAPS.values()} | {trap for trap, *_ in SCHEDULES}
    learning |= {"optimizer-kind", "schedule", "schedule-precision"}
    assert layers | optimizers | learning <= set(TRAPS)
    others = {
        "kernel-initialiser",
        "bias-initialiser",
        "embedding-initialiser",
        "float32-constants",
        "float32-attention",
        "gelu-approximation",
        "double-softmax",
        "activation",
        "float32-inside",
        "frozen-layer",
        "layer-left-out",
        "gradient-accumulation",
        "gradient-stopped",
        "temperature",
        "bidirectional-last-output",
        "extra-bias",
    }
    assert set(TRAPS) == layers | optimizers | learning | others


def test_one_weight_has_one_name_and_one_role_in_every_framework() -> None:
    for kind in layer_kinds().values():
        known = [spelling for spelling in kind.spellings.values() if spelling.classes]
        assert len({tuple(w.role for w in spelling.weights) for spelling in known}) <= 1, kind.name
        assert len({tuple(a.trait for a in spelling.attributes) for spelling in known}) <= 1, kind.name
