"""Small tasks around one word of the vocabulary: its examples, and what Hypothesis draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from paragone.errors import InputError
from paragone.task.graph import entries

from .lab import Case

SOURCES = ("strategies_dense", "strategies_conv", "strategies_sequence", "strategies_shape")
NOT_OPTIONS = ("shape", "shapes", "kinds", "high")


def strategies() -> dict[str, SearchStrategy[dict[str, Any]]]:
    """The random configurations of every word."""
    found: dict[str, SearchStrategy[dict[str, Any]]] = {}
    for name in SOURCES:
        try:
            found |= import_module(f"tests.vocabulary.{name}").STRATEGIES
        except ModuleNotFoundError:
            continue
    return found


def case_of(word: str, example: Mapping[str, Any], name: str) -> Case:
    """A task with this word before a small dense head."""
    shapes = example.get("shapes") or [example["shape"]]
    kinds = example.get("kinds") or ["float"] * len(shapes)
    inputs = [
        {"name": f"in{i}", "shape": list(shape), "kind": kind}
        for i, (shape, kind) in enumerate(zip(shapes, kinds, strict=True))
    ]
    options = {key: value for key, value in example.items() if key not in NOT_OPTIONS}
    before = [  # so that gradients go through the word as well
        {"name": f"pre{i}", "kind": "dense", "units": item["shape"][-1], "input": item["name"]}
        for i, item in enumerate(inputs)
        if item["kind"] == "float" and item["shape"]
    ]
    given = {layer["input"]: layer["name"] for layer in before}
    taken = [given.get(item["name"], item["name"]) for item in inputs]
    tested = {"name": "tested", "kind": word, "input": taken, **options}
    layers = [*before, tested, {"name": "flat", "kind": "flatten"}, {"name": "head", "kind": "dense", "units": 3}]
    if word == "padding_mask":  # gives no floating numbers: the layers that take a mask show what it is
        tokens = {"vocabulary_size": int(example.get("high", 2)), "units": 2}
        layers[-2:-2] = [
            {"name": "vectors", "kind": "embedding", "input": "in0", **tokens},
            {"name": "last", "kind": "last_step", "input": ["vectors", "tested"]},
        ]
    table = {
        "name": "case",
        "data": {"source": "digits"},
        "model": {"inputs": inputs, "layers": layers},
        "targets": [{"name": "wanted", "shape": [3]}],
        "loss": {"kind": "mean_squared_error"},
        "optimizer": {"kind": "sgd", "learning_rate": 0.05},
    }
    high = {item["name"]: int(example.get("high", 2)) for item in inputs}
    return Case(name, table, high)


def examples(word: str) -> list[Case]:
    """The examples of a word's own file."""
    entry = entries()[word].entry
    assert entry is not None
    return [case_of(word, example, f"{word}_example_{i}") for i, example in enumerate(entry.examples)]


def drawn(word: str, count: int) -> list[Case]:
    """So many different random configurations of a word that are no error; always the same."""
    table = strategies().get(word)
    return [] if table is None or not count else list(_drawn(word, table, count))


def _drawn(word: str, strategy: SearchStrategy[dict[str, Any]], count: int) -> Iterable[Case]:
    found: dict[str, Case] = {}

    @seed(0)
    @settings(
        max_examples=4 * count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: dict[str, Any]) -> None:
        if len(found) < count:
            case = case_of(word, example, f"{word}_{len(found)}")
            try:
                case.checked()
            except InputError:
                return
            found.setdefault(repr(sorted(example.items(), key=str)), case)

    collect()
    return found.values()
