"""Small tasks around one word of the vocabulary: its examples, and what Hypothesis draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any
from unittest import SkipTest

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from paragone.errors import InputError
from paragone.task.graph import check_graph, entries
from paragone.task.schema import Model

from .draws import no_constants_of_modules
from .lab import Case

SOURCES = ("strategies_dense", "strategies_conv", "strategies_sequence", "strategies_shape")
MOST = 2000
"""Examples that are tried, of which some are the same and some are errors; not by how many are wanted, which would
change all of them."""
NOT_OPTIONS = ("shape", "shapes", "kinds", "high", "law")


def strategies() -> dict[str, SearchStrategy[dict[str, Any]]]:
    """The random configurations of every word."""
    found: dict[str, SearchStrategy[dict[str, Any]]] = {}
    for name in SOURCES:
        try:
            found |= import_module(f"tests.vocabulary.{name}").STRATEGIES
        except ModuleNotFoundError:
            continue
    return found


def case_of(word: str, example: Mapping[str, Any], name: str, head: bool = True) -> Case:
    """A task with this word: before a small dense head, or as the task's own output."""
    inputs, layers = _before(example)
    options = {key: value for key, value in example.items() if key not in NOT_OPTIONS}
    taken = {layer["input"]: layer["name"] for layer in layers}
    tested = {"name": "tested", "kind": word, "input": [taken.get(i["name"], i["name"]) for i in inputs], **options}
    layers.append(tested)
    if word == "padding_mask":  # gives no floating numbers: the layers that take a mask show what it is
        tokens = {"vocabulary_size": int(example.get("high", 2)), "units": 2}
        layers.append({"name": "vectors", "kind": "embedding", "input": "in0", **tokens})
        layers.append({"name": "last", "kind": "last_step", "input": ["vectors", "tested"]})
    if head:
        layers += [{"name": "flat", "kind": "flatten"}, {"name": "head", "kind": "dense", "units": 3}]
    model = {"inputs": inputs, "layers": layers}
    table = {
        "name": "case",
        "data": {"source": "digits"},
        "model": model,
        "targets": [{"name": "wanted", "shape": [3] if head else _given(model, name)}],
        "loss": {"kind": "mean_squared_error"},
        "optimizer": {"kind": "sgd", "learning_rate": 0.01},
    }
    high = {item["name"]: int(example.get("high", 2)) for item in inputs}
    return Case(name, table, high, laws={item["name"]: example.get("law", "normal") for item in inputs})


def _before(example: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The inputs of an example, and a layer on each floating one, so that gradients go through the word as well."""
    shapes = example.get("shapes") or [example["shape"]]
    kinds = example.get("kinds") or ["float"] * len(shapes)
    inputs = [
        {"name": f"in{i}", "shape": list(shape), "kind": kind}
        for i, (shape, kind) in enumerate(zip(shapes, kinds, strict=True))
    ]
    layers = [
        {"name": f"pre{i}", "kind": "dense", "units": item["shape"][-1], "input": item["name"]}
        for i, item in enumerate(inputs)
        if item["kind"] == "float" and item["shape"]
    ]
    return inputs, layers


def _given(model: dict[str, Any], where: str) -> list[int]:
    """The shape of a model's output."""
    graph = check_graph(Model.model_validate(model), where)
    return list(graph.tensor(graph.outputs[0]).shape)


def examples(word: str) -> list[Case]:
    """The examples of a word's own file."""
    entry = entries()[word].entry
    assert entry is not None
    return [case_of(word, example, f"{word}_example_{i}") for i, example in enumerate(entry.examples)]


def drawn(word: str, count: int) -> list[Case]:
    """So many different random configurations of a word that are no error; always the same."""
    table = strategies().get(word)
    if table is None:
        return []
    return collected(table, lambda example, place: case_of(word, example, f"{word}_{place}", head=False), count)


def collected(
    strategy: SearchStrategy[dict[str, Any]], make: Callable[[dict[str, Any], int], Case], count: int
) -> list[Case]:
    """Cases of so many different examples that are no error; always the same.

    Args:
        strategy: of the examples.
        make: the case of an example and its place.
        count: how many at most.
    """
    found: dict[str, Case] = {}

    @seed(0)
    @settings(
        max_examples=MOST,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: dict[str, Any]) -> None:
        key = repr(sorted(example.items(), key=str))
        if key in found:
            return
        try:
            case = make(example, len(found))
            case.checked()
        except InputError:
            return
        found[key] = case
        if len(found) == count:
            raise SkipTest  # which Hypothesis lets through at once

    if count:
        with no_constants_of_modules(), suppress(SkipTest):
            collect()
    return list(found.values())
