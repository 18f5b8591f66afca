"""The claims: one file each, found by its name, each with a `CLAIM`."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from paragone.choose.evidence import Evidence
from paragone.choose.judge.settle import Kind
from paragone.errors import InputError
from paragone.history.runs import is_id
from paragone.records.claim import Claim

ORDER = (
    "production", "deployment-ecosystem", "tensorboard", "mobile-edge", "pythonic", "dynamic-debugging", "research",
    "prototyping", "training-speed", "memory", "gpu-utilisation", "multi-gpu", "not-performance", "pytorch-easier",
    "tensorflow-steeper", "same-task", "tensorflow-concise", "pytorch-explicit", "choose-tensorflow-production",
    "choose-tensorflow-mobile-edge", "choose-tensorflow-distributed", "choose-pytorch-research",
    "choose-pytorch-prototyping", "choose-pytorch-complex", "choose-pytorch-education", "learn-pytorch-first",
    "then-tensorflow",
)  # fmt: skip
"""As people say them: first what is, then what to choose. One that is not here comes last, by its name."""


@cache
def claims() -> dict[str, Kind]:
    """Every claim by its id."""
    found: list[Kind] = [import_module(f"{__name__}.{module.name}").CLAIM for module in iter_modules(__path__)]
    places = {id_: place for place, id_ in enumerate(ORDER)}
    return {kind.id: kind for kind in sorted(found, key=lambda kind: (places.get(kind.id, len(ORDER)), kind.id))}


def told_apart(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Runs and claims, of words that name either: the id of a claim is one, unless a folder has that name.

    Raises:
        InputError: a word can name neither.
    """
    ids = tuple(word for word in words if word in claims() and not Path(word).exists())
    runs = tuple(word for word in words if word not in ids)
    for word in runs:
        if not Path(word).exists() and not is_id(word):
            raise _unknown(word, "a claim, or a run: its folder, or the first letters of its id")
    return runs, ids


def judged(evidence: Evidence, ids: Sequence[str] = ()) -> tuple[Claim, ...]:
    """The claims with their verdicts on this evidence.

    Args:
        evidence: what there is.
        ids: of the claims; all of them where there are none.

    Raises:
        InputError: there is no claim of one of these ids.
    """
    for id_ in ids:
        if id_ not in claims():
            raise _unknown(id_, ", ".join(claims()))
    return tuple(claims()[id_].judge(evidence) for id_ in ids or claims())


def _unknown(word: str, expected: str) -> InputError:
    near = get_close_matches(word, claims(), n=1)
    return InputError(
        f"There is no claim `{word}`{f' (the nearest is `{near[0]}`)' if near else ''}.",
        where="CLAIM",
        expected=expected,
        received=word,
        next_step="paragone claims prints all of them, paragone runs the runs",
    )
