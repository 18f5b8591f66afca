"""What each framework's code becomes: the forms in which people write optimizers, layers and functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.fixes.patch import Change, fix_of, patch_of
from paragone.fixes.start import StartTensor
from paragone.layers.embedding import SUMMED

from .sides import optimizer, side

AFTER, BEFORE = "after the bias correction", "before the bias correction"


def line(code: str, framework: str, change: Change, **about: object) -> str:
    """The line of code that a change gives; empty where there is none."""
    fix = fix_of(side(code, framework, **about), [change])  # type: ignore[arg-type]
    return fix.replacement if fix.exact else f"no: {fix.note}"


@pytest.mark.parametrize(
    ("made", "name", "value", "becomes"),
    [
        ("optax.adam(1e-3)", "epsilon", 1e-7, "optax.adam(1e-3, eps=1e-7)"),
        ("optax.adam(1e-3)", "learning_rate", 0.01, "optax.adam(0.01)"),
        ("optax.adam(learning_rate=1e-3)", "beta_1", 0.8, "optax.adam(learning_rate=1e-3, b1=0.8)"),
        ("optax.adam(1e-3)", "weight_decay", 0.1, "optax.adamw(1e-3, weight_decay=0.1)"),
        ("optax.adamw(1e-3)", "weight_decay", 0.0, "optax.adamw(1e-3, weight_decay=0.0)"),
        (
            "optax.chain(optax.scale_by_adam(eps=1e-6), optax.scale(-0.1))",
            "epsilon",
            1e-8,
            "optax.chain(optax.scale_by_adam(eps=1e-8), optax.scale(-0.1))",
        ),
        (
            "optax.chain(optax.scale_by_adam(), optax.scale(-0.1))",
            "learning_rate",
            0.2,
            "optax.chain(optax.scale_by_adam(), optax.scale(-0.2))",
        ),
    ],
)
def test_adam_in_optax(made: str, name: str, value: float, becomes: str) -> None:
    code = f"import optax\ntx = {made}\n"
    assert line(code, "jax", optimizer("jax", name, value)) == f"tx = {becomes}"


def test_sgd_in_optax_gets_its_momentum_and_a_decay_before_it() -> None:
    code = "import optax\ntx = optax.sgd(0.1)\n"
    about = {"kind": "sgd"}
    assert line(code, "jax", optimizer("jax", "momentum", 0.5), **about) == "tx = optax.sgd(0.1, momentum=0.5)"
    assert line(code, "jax", optimizer("jax", "weight_decay", 0.5), **about) == (
        "tx = optax.chain(optax.add_decayed_weights(0.5), optax.sgd(0.1))"
    )


@pytest.mark.parametrize(
    ("made", "becomes"),
    [
        ('model.compile(optimizer="adam", loss="mse")', 'model.compile(optimizer={}, loss="mse")'),
        ('model.compile("Adam", "mse")', 'model.compile({}, "mse")'),
        ("model.compile(optimizer=keras.optimizers.Adam())", "model.compile(optimizer={})"),
    ],
)
def test_adam_in_keras(made: str, becomes: str) -> None:
    code = f"import keras\nmodel = 1\n{made}\n"
    call = "keras.optimizers.Adam(epsilon=1e-8)"
    assert line(code, "tensorflow", optimizer("tensorflow", "epsilon", 1e-8)) == becomes.format(call)


def test_a_text_for_an_optimizer_brings_the_import_of_keras() -> None:
    code = 'from keras import Sequential\n\nmodel = Sequential([])\nmodel.compile("adam", "mse")\n'
    fix = fix_of(side(code, "tensorflow"), [optimizer("tensorflow", "epsilon", 1e-8)])
    assert fix.replacement == 'model.compile(keras.optimizers.Adam(epsilon=1e-8), "mse")'
    assert fix.adds == "import keras"


def test_the_place_of_epsilon_keeps_the_betas_and_what_else_is_changed() -> None:
    code = 'import keras\n\nmodel = 1\nmodel.compile(optimizer="adam")\n'
    changes = [
        optimizer("tensorflow", "beta_precision", "float64", "adam-float32-betas"),
        optimizer("tensorflow", "epsilon", 1e-8),
        optimizer("tensorflow", "epsilon_place", AFTER, "adam-epsilon-place"),
    ]
    patch = patch_of([side(code, "tensorflow")], changes)
    assert patch is not None
    assert patch.left == ()
    assert "+model.compile(optimizer=ExactAdam(epsilon=1e-8))" in patch.diff
    assert "+class ExactAdam(keras.optimizers.Adam):" in patch.diff
    assert "+from keras import ops" in patch.diff
    assert "numpy" not in patch.diff


def test_betas_alone_become_numbers_of_numpy() -> None:
    code = "import keras\noptimizer = keras.optimizers.Adam(1e-3, 0.8)\n"
    change = optimizer("tensorflow", "beta_precision", "float64", "adam-float32-betas")
    fix = fix_of(side(code, "tensorflow", beta_1=0.8), [change])
    assert fix.replacement == ("optimizer = keras.optimizers.Adam(1e-3, np.float64(0.8), beta_2=np.float64(0.999))")
    assert fix.adds == "import numpy as np"


def test_an_alias_of_a_class_is_seen_through() -> None:
    code = "from torch.optim import Adam as Optimizer\noptimizer = Optimizer([])\n"
    found = line(code, "torch", optimizer("torch", "epsilon", 1e-7), aliases={"Optimizer": "torch.optim.Adam"})
    assert found == "optimizer = Optimizer([], eps=1e-7)"


def test_of_two_optimizers_the_one_of_the_side_is_changed() -> None:
    code = "import torch\nother = torch.optim.Adam([])\noptimizer = torch.optim.Adam([1])\n"
    assert line(code, "torch", optimizer("torch", "epsilon", 1e-7)) == "optimizer = torch.optim.Adam([1], eps=1e-7)"


def test_a_convention_without_a_short_form_is_named() -> None:
    code = "import optax\ntx = optax.adam(1e-3)\n"
    found = line(code, "jax", optimizer("jax", "epsilon_place", BEFORE, "adam-epsilon-place"))
    assert found.startswith("no: no exact edit: ")


# ---------------------------------------------------------------------- layers and functions


def test_a_momentum_is_said_as_the_framework_counts_it_beside_its_helper() -> None:
    code = "import torch\nfrom torch import nn\n\nmodel = nn.Sequential(nn.BatchNorm1d(4))\noptimizer = 1\n"
    one = side(code, "torch", layers=(("batch_norm_1", "batch_norm", "BatchNorm1d", 4, "0"),))
    changes = [
        Change("torch", "batch-norm-momentum", "batch_norm_1", "momentum", 0.99),
        Change("torch", "batch-norm-unbiased-variance", "batch_norm_1", "running_variance", "biased"),
    ]
    patch = patch_of([one], changes)
    assert patch is not None
    assert "+model = nn.Sequential(BiasedBatchNorm1d(4, momentum=0.01))" in patch.diff
    assert "+class BiasedBatchNorm1d(nn.BatchNorm1d):" in patch.diff


def test_several_layers_of_one_line_are_told_apart_by_their_order() -> None:
    code = "from torch import nn\nmodel = nn.Sequential(nn.LayerNorm(4), nn.LayerNorm(5))\noptimizer = 1\n"
    layers = tuple((f"layer_norm_{n}", "layer_norm", "LayerNorm", 2, str(n - 1)) for n in (1, 2))
    change = Change("torch", "layer-norm-epsilon", "layer_norm_2", "epsilon", 1e-3)
    found = line(code, "torch", change, layers=layers)
    assert found == "model = nn.Sequential(nn.LayerNorm(4), nn.LayerNorm(5, eps=0.001))"


@pytest.mark.parametrize(
    ("framework", "code", "value", "becomes"),
    [
        ("jax", "from flax import nnx\ny = nnx.gelu(x)\n", False, "y = nnx.gelu(x, approximate=False)"),
        (
            "jax",
            "from flax import nnx\nparts = [nnx.gelu]\n",
            False,
            "parts = [lambda x: nnx.gelu(x, approximate=False)]",
        ),
        ("torch", "from torch import nn\nact = nn.GELU()\n", True, 'act = nn.GELU(approximate="tanh")'),
        (
            "tensorflow",
            'import keras\nd = keras.layers.Dense(4, activation="gelu")\n',
            True,
            "d = keras.layers.Dense(4, activation=lambda x: keras.activations.gelu(x, approximate=True))",
        ),
    ],
)
def test_the_form_of_gelu(framework: str, code: str, value: bool, becomes: str) -> None:
    change = Change(framework, "gelu-approximation", "gelu_1", "approximate", value)
    assert line(code, framework, change, gelu=(not value,)) == becomes


def test_one_gelu_of_several_is_not_changed_with_the_others() -> None:
    code = "from flax import nnx\ny = nnx.gelu(nnx.gelu(x))\n"
    change = Change("jax", "gelu-approximation", "gelu_2", "approximate", False)
    assert "only some of them" in line(code, "jax", change, gelu=(True, True))
    assert line(code, "jax", change, gelu=(False, True)) == (
        "y = nnx.gelu(nnx.gelu(x, approximate=False), approximate=False)"
    )


def test_gelu_written_out_where_tensorflows_own_has_float32_constants() -> None:
    code = 'import keras\n\n\nd = keras.layers.Activation("gelu")\n'
    changes = [Change("tensorflow", "float32-constants", "gelu", "constants", "float64")]
    patch = patch_of([side(code, "tensorflow")], changes)
    assert patch is not None
    assert "+d = keras.layers.Activation(gelu)" in patch.diff
    assert "ops.erf" in patch.diff
    tanh = [*changes, Change("tensorflow", "gelu-approximation", "gelu_1", "approximate", True)]
    patch = patch_of([side(code, "tensorflow", gelu=(False,))], tanh)
    assert patch is not None
    assert patch.left == ()
    assert "+d = keras.layers.Activation(gelu_tanh)" in patch.diff
    assert "ops.tanh" in patch.diff


def test_leaky_relu_in_the_precision_of_its_input() -> None:
    code = "import keras\n\nact = keras.layers.LeakyReLU(0.2)\n"
    patch = patch_of(
        [side(code, "tensorflow")], [Change("tensorflow", "float32-constants", "leaky_relu", "constants", "float64")]
    )
    assert patch is not None
    assert "+act = FloatLeakyReLU(0.2)" in patch.diff
    assert "+class FloatLeakyReLU(keras.layers.LeakyReLU):" in patch.diff


@pytest.mark.parametrize(
    ("code", "becomes"),
    [
        ("model = nn.Sequential(nn.LayerNorm(4), nn.Softmax(dim=-1))", "model = nn.Sequential(nn.LayerNorm(4))"),
        ("def forward(self, x):\n    return nn.functional.softmax(f(x), dim=1)", "return f(x)"),
        ("def forward(self, x):\n    return f(x).softmax(-1)", "return f(x)"),
    ],
)
def test_the_second_softmax_is_taken_out(code: str, becomes: str) -> None:
    change = Change("torch", "double-softmax", "loss", "softmax", "once")
    assert line(f"from torch import nn\n{code}\n", "torch", change) == becomes


def test_a_softmax_inside_of_the_model_is_left_alone() -> None:
    code = "from torch import nn\n\ndef forward(self, x):\n    w = nn.functional.softmax(x, dim=1)\n    return w @ x\n"
    change = Change("torch", "double-softmax", "loss", "softmax", "once")
    assert line(code, "torch", change).startswith("no: ")


# ---------------------------------------------------------------------- starts

DENSE = {
    "tensorflow": "import keras\nd = keras.layers.Dense(4)\n",
    "jax": "from flax import nnx\nd = nnx.Linear(8, 4, rngs=r)\n",
    "torch": "from torch import nn\nmodel = nn.Sequential()\noptimizer = 1\n",
}
CLASSES = {"tensorflow": "Dense", "jax": "Linear", "torch": "Linear"}
LAWS = {
    "Glorot uniform, ±0.707": (
        'kernel_initializer="glorot_uniform"',
        "kernel_init=nnx.initializers.glorot_uniform()",
        "nn.init.xavier_uniform_(model[0].weight)",
    ),
    "uniform ±1/sqrt(fan in) = ±0.354": (
        'kernel_initializer=keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")',
        'kernel_init=nnx.initializers.variance_scaling(1 / 3, "fan_in", "uniform")',
        "nn.init.kaiming_uniform_(model[0].weight, a=5**0.5)",
    ),
    "LeCun normal, standard deviation 0.354": (
        'kernel_initializer="lecun_normal"',
        "kernel_init=nnx.initializers.lecun_normal()",
        "nn.init.trunc_normal_(model[0].weight, std=0.4019",
    ),
    "normal, standard deviation 0.02": (
        "kernel_initializer=keras.initializers.RandomNormal(stddev=0.02)",
        "kernel_init=nnx.initializers.normal(0.02)",
        "nn.init.normal_(model[0].weight, std=0.02)",
    ),
    "uniform ±0.05": (
        "kernel_initializer=keras.initializers.RandomUniform(-0.05, 0.05)",
        "kernel_init=lambda key, shape, dtype: jax.random.uniform(key, shape, dtype, -0.05, 0.05)",
        "nn.init.uniform_(model[0].weight, -0.05, 0.05)",
    ),
    "constant 1": (
        'kernel_initializer="ones"',
        "kernel_init=nnx.initializers.ones_init()",
        "nn.init.ones_(model[0].weight)",
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_every_named_law_can_be_written_in_every_framework(law: str) -> None:
    for framework, wanted in zip(DENSE, LAWS[law], strict=True):
        tensors = (StartTensor("dense_1/kernel_io", law, 8, 4, 2),)
        layers = (("dense_1", "dense", CLASSES[framework], 2, "0"),)
        change = Change(framework, "kernel-initialiser", tensors=tensors)
        assert wanted in line(DENSE[framework], framework, change, layers=layers)


def test_a_bias_is_drawn_by_the_fan_in_of_its_kernel() -> None:
    tensors = (StartTensor("dense_1/bias", "uniform ±1/sqrt(fan in) = ±0.354", 8, 4, 1),)
    wanted = ("RandomUniform(-(8**-0.5), (8**-0.5))", "-(8**-0.5), (8**-0.5))", "uniform_(model[0].bias, -(8**-0.5)")
    for (framework, code), text in zip(DENSE.items(), wanted, strict=True):
        layers = (("dense_1", "dense", CLASSES[framework], 2, "0"),)
        assert text in line(code, framework, Change(framework, "x", tensors=tensors), layers=layers)


def test_a_law_without_a_name_is_refused() -> None:
    tensors = (StartTensor("dense_1/kernel_io", "mean 0.1, standard deviation 0.3", 8, 4, 2),)
    layers = (("dense_1", "dense", "Linear", 2, "0"),)
    found = line(DENSE["torch"], "torch", Change("torch", "x", tensors=tensors), layers=layers)
    assert "has no short form" in found


def test_a_model_that_a_function_makes_is_refused_by_name() -> None:
    code = "from torch import nn\n\ndef make():\n    return nn.Sequential(), 1\n"
    tensors = (StartTensor("dense_1/bias", "constant 0", 8, 4, 1),)
    layers = (("dense_1", "dense", "Linear", 4, "0"),)
    found = line(code, "torch", Change("torch", "x", tensors=tensors), layers=layers)
    assert "not made by a statement of the module" in found


def test_two_sides_of_one_file_are_changed_together(tmp_path: Path) -> None:
    code = 'import keras\nimport torch\noptimizer = torch.optim.Adam([])\nmodel = 1\nmodel.compile("adam")\n'
    path = tmp_path / "lesson.py"
    path.write_text(code, encoding="utf-8")
    sides = [side(code, name, path=path) for name in ("tensorflow", "torch")]
    patch = patch_of(sides, [optimizer("tensorflow", "epsilon", 1e-6), optimizer("torch", "epsilon", 1e-6)])
    assert patch is not None
    assert patch.files == ("lesson.py",)
    assert "+optimizer = torch.optim.Adam([], eps=1e-6)" in patch.diff
    assert "+model.compile(keras.optimizers.Adam(epsilon=1e-6))" in patch.diff


def test_an_embedding_whose_gradients_are_summed() -> None:
    code = "import keras\n\nmodel = keras.Sequential([keras.layers.Embedding(9, 4)])\noptimizer = 1\n"
    one = side(code, "tensorflow", layers=(("embedding_1", "embedding", "Embedding", 3, "0"),))
    change = Change("tensorflow", "embedding-repeated-entries", "embedding_1", "repeated_entries", SUMMED)
    patch = patch_of([one], [change])
    assert patch is not None
    assert "+model = keras.Sequential([DenseEmbedding(9, 4)])" in patch.diff
    assert "+class DenseEmbedding(keras.layers.Embedding):" in patch.diff
    assert "+from keras import ops" in patch.diff
