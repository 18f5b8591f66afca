"""One small change in a good port must be caught, on the right rung and by its name; no change, nothing to catch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from paragone.prove.scope import Scope
from paragone.records import Pair

from .harness import PAIRS, data_source, first_failing, prove_files

DATA = data_source("regression.npz")
SCOPE = Scope(worth=False)


@dataclass(frozen=True)
class Mutant:
    """A change of one side of a pair that is the same as written.

    Args:
        name: what was changed.
        side: the file that is changed, in its pair's folder.
        changes: texts and what stands in their place.
        rung: the first rung that must fail.
        cause: the trap that must be found to be the cause; empty where it is none of ours.
        against: the file that stays as it is.
    """

    name: str
    side: str
    changes: dict[str, str]
    rung: str
    cause: str = ""
    against: str = "jax_side.py"


ADAM, TORCH, JAX = "same_adam/torch_side.py", "torch_side.py", "jax_side.py"
SGD = "same_regression"
MUTANTS = [
    Mutant("learning rate", ADAM, {"lr=2e-3": "lr=2.02e-3"}, "step", "learning-rate"),
    Mutant("epsilon", ADAM, {"lr=2e-3": "lr=2e-3, eps=1e-7"}, "step", "adam-epsilon-default"),
    Mutant("beta 1", ADAM, {"lr=2e-3": "lr=2e-3, betas=(0.8, 0.999)"}, "step", "adam-betas"),
    Mutant("beta 2", ADAM, {"lr=2e-3": "lr=2e-3, betas=(0.9, 0.99)"}, "step", "adam-betas"),
    Mutant("AMSGrad", ADAM, {"lr=2e-3": "lr=2e-3, amsgrad=True"}, "trajectory", "adam-amsgrad"),
    Mutant("weight decay", ADAM, {"lr=2e-3": "lr=2e-3, weight_decay=0.01"}, "step", "weight-decay"),
    Mutant("activation", ADAM, {"nn.ReLU()": "nn.Tanh()"}, "forward", "activation"),
    Mutant(
        "order of layers",
        ADAM,
        {"nn.LayerNorm(20),\n    nn.ReLU()": "nn.ReLU(),\n    nn.LayerNorm(20)"},
        "forward",
        "activation",
    ),
    Mutant(
        "bias off",
        ADAM,
        {"nn.Linear(8, 20)": "nn.Linear(8, 20, bias=False)", "(layer.bias)": "(model[4].bias)"},
        "structure",
        "extra-bias",
    ),
    Mutant("width", ADAM, {"20": "21"}, "structure"),
    Mutant("sum of losses", ADAM, {"nn.MSELoss()": 'nn.MSELoss(reduction="sum")'}, "loss", "loss-reduction"),
    Mutant("absolute error", ADAM, {"nn.MSELoss()": "nn.L1Loss()"}, "loss", "loss-kind"),
    Mutant(
        "epsilon of layer norm", ADAM, {"nn.LayerNorm(20)": "nn.LayerNorm(20, 1e-6)"}, "forward", "layer-norm-epsilon"
    ),
    Mutant("dropout rate", ADAM, {"nn.Dropout(0.1)": "nn.Dropout(0.2)"}, "structure", "dropout-rate"),
    Mutant("no dropout", ADAM, {"    nn.Dropout(0.1),\n": "", "model[4]": "model[3]"}, "structure"),
    Mutant(
        "frozen layer", ADAM, {"criterion": "model[0].requires_grad_(False)\ncriterion"}, "gradients", "frozen-layer"
    ),
    Mutant(
        "initialiser",
        ADAM,
        {"nn.init.xavier_uniform_": "nn.init.kaiming_uniform_"},
        "initialisation",
        "kernel-initialiser",
    ),
    Mutant("momentum", f"{SGD}/{TORCH}", {"lr=0.02": "lr=0.02, momentum=0.5"}, "trajectory", "sgd-momentum"),
    Mutant(
        "coupled decay",
        f"{SGD}/{JAX}",
        {"optax.sgd(0.02)": "optax.chain(optax.add_decayed_weights(0.1), optax.sgd(0.02))"},
        "step",
        "weight-decay",
        TORCH,
    ),
    Mutant("learning rate in Optax", f"{SGD}/{JAX}", {"sgd(0.02)": "sgd(0.0202)"}, "step", "learning-rate", TORCH),
    Mutant(
        "half of a squared error",
        f"{SGD}/{JAX}",
        {"jnp.square(model(x) - y)": "optax.l2_loss(model(x), y)"},
        "loss",
        "loss-scale",
        TORCH,
    ),
    Mutant("activation in Keras", f"{SGD}/keras_side.py", {'"tanh"': '"relu"'}, "forward", "activation", TORCH),
    Mutant(
        "frozen layer in Keras",
        f"{SGD}/keras_side.py",
        {'"tanh")': '"tanh", trainable=False)'},
        "gradients",
        "frozen-layer",
        TORCH,
    ),
    Mutant(
        "form of gelu",
        "forms_of_gelu/torch_side.py",
        {"nn.functional.gelu(x)": 'nn.functional.gelu(x, approximate="tanh")'},
        "forward",
        "gelu-approximation",
    ),
]
FUNCTIONAL = """20, 1),
])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = layers

    def forward(self, x):
        first, norm, _, drop, last = self.layers
        return last(drop(nn.functional.relu(norm(first(x)))))


model = Net()"""
CLEAN = [
    Mutant("other names", ADAM, {"model": "net", "optimizer = ": "opt = ", "criterion": "objective"}, ""),
    Mutant("another seed", ADAM, {"model =": "torch.manual_seed(123)\nmodel ="}, ""),
    Mutant("a loss that is a function", ADAM, {"criterion = nn.MSELoss()": "criterion = nn.functional.mse_loss"}, ""),
    Mutant(
        "the functional style",
        ADAM,
        {
            "model = nn.Sequential(": "layers = nn.ModuleList([",
            "20, 1),\n)": FUNCTIONAL,
            "(model[0], model[4])": "(layers[0], layers[4])",
        },
        "",
    ),
    Mutant(
        "another chain",
        f"{SGD}/{JAX}",
        {"optax.sgd(0.02)": "optax.chain(optax.identity(), optax.sgd(0.02))"},
        "",
        "",
        TORCH,
    ),
    Mutant(
        "the loss of a batch",
        f"{SGD}/{JAX}",
        {"loss_fn(model, x, y):": "loss_fn(model, batch):\n    x, y = batch"},
        "",
        "",
        TORCH,
    ),
    Mutant("another seed in Flax", f"{SGD}/{JAX}", {"nnx.Rngs(0)": "nnx.Rngs(5)"}, "", "", TORCH),
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all proofs: the side that stays as it is is traced once."""
    return tmp_path_factory.mktemp("mutants")


def proven(mutant: Mutant, shared: Path, folder: Path) -> Pair:
    original = PAIRS / mutant.side
    code = original.read_text(encoding="utf-8")
    for text, replacement in mutant.changes.items():
        assert text in code, f"{original.name} has no {text!r}"
        code = code.replace(text, replacement)
    changed = folder / original.name
    changed.write_text(code, encoding="utf-8")
    return prove_files([original.parent / mutant.against, changed], DATA, shared, scope=SCOPE).pairs[0]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_change_is_caught(mutant: Mutant, shared: Path, tmp_path: Path) -> None:
    pair = proven(mutant, shared, tmp_path)
    assert pair.verdict == "different"
    drawn = next(rung for rung in pair.rungs if rung.name == "initialisation")
    first = "initialisation" if drawn.verdict == "different" else first_failing(pair)
    assert first == mutant.rung
    traps = list(dict.fromkeys(cause.trap for cause in pair.causes))
    assert traps == ([mutant.cause] if mutant.cause else [])
    assert bool(pair.unexplained) == (not mutant.cause)


@pytest.mark.parametrize("clean", CLEAN, ids=lambda clean: clean.name)
def test_another_way_to_write_the_same_is_the_same(clean: Mutant, shared: Path, tmp_path: Path) -> None:
    pair = proven(clean, shared, tmp_path)
    assert pair.verdict == "same", [(rung.name, rung.dtype, rung.verdict, rung.where) for rung in pair.rungs]
    assert pair.causes == ()
    assert pair.unexplained == ""
