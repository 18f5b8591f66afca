"""Small tasks around one loss, optimizer, schedule or way to clip: its examples, and what Hypothesis draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from paragone.clipping import clipping_kinds
from paragone.losses import loss_kinds
from paragone.optimizers import optimizer_kinds
from paragone.schedules import schedule_kinds

from .lab import Case
from .strategies_learning import CLIPPINGS, LOSSES, OPTIMIZERS, SCHEDULES, with_rates
from .words import collected

ACTIVATIONS = {"probabilities": "softmax", "probability": "sigmoid", "positive": "softplus"}
NOT_OPTIONS = ("output", "target", "output_is", "target_is", "target_kind", "image", "weight", "law")
STEPS = 60


def _small(**more: Any) -> dict[str, Any]:
    """A regression with two layers."""
    layers = [
        {"name": "hidden", "kind": "dense", "units": 4, "activation": "tanh"},
        {"name": "out", "kind": "dense", "units": 2},
    ]
    return {
        "name": "case",
        "data": {"source": "digits"},
        "model": {"inputs": [{"name": "x0", "shape": [3]}], "layers": layers},
        "targets": [{"name": "wanted", "shape": [2]}],
        "loss": {"kind": "mean_squared_error"},
        "optimizer": {"kind": "sgd", "learning_rate": 0.05},
        **more,
    }


def loss_case(word: str, example: Mapping[str, Any], name: str) -> Case:
    """A layer over the last axis, an activation that makes the output fit, and this loss.

    `weight` of an example is the shape of the weights of samples.
    """
    output, target = list(example["output"]), list(example["target"])
    if not loss_kinds()[word].takes_target:
        target = output
    image = example.get("image", False)
    layer = (
        {"kind": "conv", "filters": output[-1], "kernel_size": 1} if image else {"kind": "dense", "units": output[-1]}
    )
    layers = [{"name": "out", **layer}]
    if "output_is" in example:
        layers[0]["activation"] = ACTIVATIONS[example["output_is"]]
    sparse = (word.startswith("sparse") or word.endswith("focal_crossentropy")) and target == output[:-1]
    kind = example.get("target_kind", "int" if sparse and not word.startswith("binary") else "float")
    options = {key: value for key, value in example.items() if key not in NOT_OPTIONS}
    targets = [{"name": "wanted", "shape": target, "kind": kind}]
    if "weight" in example:
        targets.append({"name": "importance", "shape": list(example["weight"])})
        options["sample_weight"] = "importance"
    table = _small(
        model={"inputs": [{"name": "x0", "shape": [*output[:-1], 4]}], "layers": layers},
        targets=targets,
        loss={"kind": word, **options},
    )
    high = {"wanted": 2 if word.startswith("binary") else output[-1]}
    laws = {"wanted": example.get("target_is", "normal"), "importance": "positive", "x0": example.get("law", "normal")}
    return Case(name, table, high, laws=laws)


def optimizer_case(word: str, example: Mapping[str, Any], name: str) -> Case:
    """60 steps with this optimizer; `schedule` and `clipping` of the example are the task's own."""
    example = dict(example)
    parts = {part: example.pop(part) for part in ("schedule", "clipping") if part in example}
    return Case(name, _small(optimizer={"kind": word, **example}, **parts), steps=STEPS)


def schedule_case(word: str, example: Mapping[str, Any], name: str) -> Case:
    """60 steps with this schedule, with momentum: the rate stands outside of it."""
    example = dict(example)
    optimizer = {"kind": "sgd", "learning_rate": example.pop("learning_rate", 0.1), "momentum": 0.9}
    return Case(name, _small(optimizer=optimizer, schedule={"kind": word, **example}), steps=STEPS)


def clipping_case(word: str, example: Mapping[str, Any], name: str) -> Case:
    """60 steps with gradients clipped so."""
    example = dict(example)
    optimizer = {"kind": "sgd", "learning_rate": example.pop("learning_rate", 0.3)}
    return Case(name, _small(optimizer=optimizer, clipping={"kind": word, **example}), steps=STEPS)


Make = Callable[[str, Mapping[str, Any], str], Case]
KINDS: dict[str, tuple[Make, dict[str, Any], Mapping[str, Any]]] = {
    "loss": (loss_case, {name: kind.examples for name, kind in loss_kinds().items()}, LOSSES),
    "optimizer": (
        optimizer_case,
        {name: kind.entry.examples for name, kind in optimizer_kinds().items() if kind.entry},
        OPTIMIZERS,
    ),
    "schedule": (
        schedule_case,
        {name: kind.examples for name, kind in schedule_kinds().items()},
        with_rates(SCHEDULES, 0.01, 0.2),
    ),
    "clipping": (
        clipping_case,
        {name: kind.examples for name, kind in clipping_kinds().items()},
        with_rates(CLIPPINGS, 0.05, 0.5),
    ),
}
"""By what is tested: the maker of cases, the examples of every word, the strategies of every word."""


def examples(what: str, word: str) -> list[Case]:
    """The examples of a word's own file."""
    make, table, _ = KINDS[what]
    return [make(word, example, f"{what}_{word}_example_{i}") for i, example in enumerate(table[word])]


def drawn(what: str, word: str, count: int) -> list[Case]:
    """So many different random configurations of a word that are no error; always the same."""
    make, _, strategies = KINDS[what]
    if word not in strategies:
        return []
    return collected(strategies[word], lambda example, place: make(word, example, f"{what}_{word}_{place}"), count)
