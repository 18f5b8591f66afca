"""Sides that were never built: their code, and what a worker would have said of its names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from paragone.fixes.patch import Change
from paragone.prove.subject import Subject
from paragone.sides.scan import SideFile

_ADAM = ("learning_rate", "beta_1", "beta_2", "epsilon", "amsgrad", "weight_decay")
_CALLED: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "keras.optimizers.Adam": ("keras.src.optimizers.adam.Adam", _ADAM, ()),
    "keras.optimizers.SGD": ("keras.src.optimizers.sgd.SGD", ("learning_rate", "momentum", "nesterov"), ()),
    "keras.layers.Dense": (
        "keras.src.layers.core.dense.Dense",
        ("units", "activation", "use_bias", "kernel_initializer", "bias_initializer"),
        (),
    ),
    "keras.layers.Embedding": ("keras.src.layers.core.embedding.Embedding", ("input_dim", "output_dim"), ()),
    "keras.layers.LeakyReLU": ("keras.src.layers.activations.leaky_relu.LeakyReLU", ("negative_slope",), ()),
    "keras.layers.Activation": ("keras.src.layers.activations.activation.Activation", ("activation",), ()),
    "keras.activations.gelu": ("keras.src.activations.activations.gelu", ("x", "approximate"), ()),
    "optax.adam": ("optax._src.alias.adam", ("learning_rate", "b1", "b2", "eps"), ("nesterov",)),
    "optax.adamw": ("optax._src.alias.adamw", ("learning_rate", "b1", "b2", "eps", "weight_decay"), ()),
    "optax.sgd": ("optax._src.alias.sgd", ("learning_rate", "momentum", "nesterov"), ()),
    "optax.chain": ("optax.transforms._combining.chain", (), ()),
    "optax.scale": ("optax._src.transform.scale", ("step_size",), ()),
    "optax.scale_by_adam": ("optax._src.transform.scale_by_adam", ("b1", "b2", "eps"), ()),
    "nnx.gelu": ("jax._src.nn.functions.gelu", ("x", "approximate"), ()),
    "nnx.Linear": ("flax.nnx.nn.linear.Linear", ("in_features", "out_features"), ("kernel_init", "bias_init", "rngs")),
    "torch.optim.Adam": (
        "torch.optim.adam.Adam",
        ("params", "lr", "betas", "eps", "weight_decay", "amsgrad"),
        (),
    ),
    "nn.BatchNorm1d": ("torch.nn.modules.batchnorm.BatchNorm1d", ("num_features", "eps", "momentum"), ()),
    "nn.LayerNorm": ("torch.nn.modules.normalization.LayerNorm", ("normalized_shape", "eps"), ()),
    "nn.Sequential": ("torch.nn.modules.container.Sequential", (), ()),
    "nn.Softmax": ("torch.nn.modules.activation.Softmax", ("dim",), ()),
    "nn.functional.softmax": ("torch.nn.functional.softmax", ("input", "dim"), ()),
    "nn.GELU": ("torch.nn.modules.activation.GELU", ("approximate",), ()),
}
_MODULES = {"keras": "keras", "optax": "optax", "nnx": "flax.nnx", "torch": "torch", "nn": "torch.nn"}
_TRAITS = {"learning_rate": 0.1, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0, "momentum": 0.9}


def names_of(code: str, aliases: dict[str, str]) -> dict[str, Any]:
    """What the worker says of the names in a file; `aliases` are other names for what is known."""
    known = {text: text for text in (*_CALLED, *_MODULES)} | aliases
    found: dict[str, Any] = {}
    for text, meant in known.items():
        if text not in aliases and f"import {text.split('.')[0]}" not in code:
            continue
        if meant in _MODULES:
            found[text] = {"home": _MODULES[meant]}
        else:
            home, parameters, more = _CALLED[meant]
            found[text] = {"home": home, "parameters": list(parameters), "more": list(more), "any": False}
    return found


def side(
    code: str,
    framework: str,
    *,
    path: Path = Path("side.py"),
    kind: str = "adam",
    spelled: str = "Adam",
    layers: tuple[tuple[str, str, str, int, str], ...] = (),
    aliases: dict[str, str] | None = None,
    gelu: tuple[bool, ...] = (),
    **traits: Any,
) -> Subject:
    """A side.

    Args:
        code: its file.
        framework: its id, and its name.
        path: the file's place.
        kind: of the optimizer, canonical.
        spelled: the optimizer's class.
        layers: name, kind, class, line and path in the model of each layer.
        aliases: other names in the file for what is known.
        gelu: whether each GELU is the tanh approximation.
        traits: of the optimizer, beyond the usual ones.
    """
    line = next((n for n, text in enumerate(code.split("\n"), 1) if text.startswith(("optimizer", "tx"))), None)
    rows = [
        {"where": "optimizer", "name": name, "value": value, "trap": "x", "line": line}
        for name, value in {"optimizer": kind, **_TRAITS, **traits}.items()
    ]
    rows += [
        {"where": f"gelu_{n}", "name": "approximate", "value": form, "trap": "gelu-approximation"}
        for n, form in enumerate(gelu, start=1)
    ]
    said = {
        "traits": rows,
        "optimizer": spelled,
        "layers": [{"name": name, "kind": k, "spelled": s, "line": n} for name, k, s, n, _ in layers],
        "code": {
            "names": names_of(code, aliases or {}),
            "model": "model",
            "paths": {name: where for name, _, _, _, where in layers},
        },
    }
    return Subject(SideFile(framework, path, path.name, "", framework, code, "", ()), said, said)


def optimizer(framework: str, name: str, value: Any, trap: str = "x") -> Change:
    """A change of a trait of the optimizer."""
    return Change(framework, trap, "optimizer", name, value)
