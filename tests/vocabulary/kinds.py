"""Every word that the long suite checks, by what it is, with its configurations and how they are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from paragone.task.graph import entries

from . import words, words_learning, words_penalties
from .check import faults
from .check_learning import faults_of
from .lab import Case
from .suite import Found, Judge

Configurations = Callable[[str, int], list[Case]]


@dataclass(frozen=True)
class Kind:
    """One part of the vocabulary.

    Args:
        name: as rows and the command line call it.
        words: its words.
        examples: the configurations of a word's own file.
        drawn: so many random ones.
        judge: what is wrong with a case that was run.
        bundle: whether cases can share a model.
    """

    name: str
    words: tuple[str, ...]
    examples: Callable[[str], list[Case]]
    drawn: Configurations
    judge: Judge
    bundle: bool


def _same(_case: Case, found: Found, _home: Path, _floor: Mapping[str, float] | None = None) -> list[str]:
    return faults(found)


def _layers(word: str, count: int) -> list[Case]:
    """Forward and gradients; of layers whose statistics move as they train, some steps too."""
    cases = words.drawn(word, count)
    asked: tuple[str, ...] = ("forward", "gradients")
    if cases and any(not weight.trainable for node in cases[0].checked().graph.nodes for weight in node.weights):
        asked += ("train",)
    return [replace(case, asked=asked, eager=True) for case in cases]


def _penalties(penalty: str, count: int) -> list[Case]:
    asked = ("forward", "loss", "gradients")
    return [replace(case, asked=asked, eager=True) for case in words_penalties.drawn(penalty, count)]


def _learning(what: str, asked: tuple[str, ...]) -> tuple[Callable[[str], list[Case]], Configurations]:
    return (
        lambda word: words_learning.examples(what, word),
        lambda word, count: [replace(case, asked=asked) for case in words_learning.drawn(what, word, count)],
    )


def kinds() -> dict[str, Kind]:
    """By its name."""
    functions = {name for name, kind in entries().items() if kind.entry is not None and kind.entry.function}
    others = tuple(name for name in entries() if name not in functions)
    named = {what: tuple(word for word in table if table[word]) for what, (_, table, _) in words_learning.KINDS.items()}
    steps = ("train",)
    found = (
        Kind("activation", tuple(sorted(functions)), words.examples, _layers, _same, True),
        Kind("layer", others, words.examples, _layers, _same, True),
        Kind("penalty", words_penalties.PENALTIES, words_penalties.examples, _penalties, _same, True),
        Kind("loss", named["loss"], *_learning("loss", ("loss", "gradients")), faults_of, True),
        Kind("clipping", named["clipping"], *_learning("clipping", steps), faults_of, False),
        Kind("schedule", named["schedule"], *_learning("schedule", steps), faults_of, False),
        Kind("optimizer", named["optimizer"], *_learning("optimizer", steps), faults_of, False),
    )
    return {kind.name: kind for kind in found}


def chosen(texts: list[str]) -> Iterator[tuple[Kind, str]]:
    """The words that a command line names: `gru`, `optimizer:adam`, `loss`; all of them where it names none."""
    for kind in kinds().values():
        for word in kind.words:
            if not texts or {word, kind.name, f"{kind.name}:{word}"} & set(texts):
                yield kind, word
