"""Small tasks with penalties on kernels, `l1` and `l2`, which every layer with kernels may have."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from . import words
from .lab import Case

PENALTIES = ("l1", "l2")
LAYERS = (
    *("dense", "conv", "depthwise_conv", "separable_conv", "conv_transpose"),
    *("simple_rnn", "lstm", "gru", "multi_head_attention"),
)
STRENGTHS = st.floats(1e-4, 0.5).map(lambda value: float(f"{value:.4g}"))


@st.composite
def penalised(draw: DrawFn, penalty: str) -> dict[str, Any]:
    """A layer with this penalty, and now and then with the other one too."""
    word = draw(st.sampled_from(LAYERS))
    found = {"word": word, penalty: draw(STRENGTHS), **draw(words.strategies()[word])}
    if draw(st.booleans()):
        found["l2" if penalty == "l1" else "l1"] = draw(STRENGTHS)
    return found


STRATEGIES: dict[str, SearchStrategy[dict[str, Any]]] = {penalty: penalised(penalty) for penalty in PENALTIES}


def case_of(example: dict[str, Any], name: str) -> Case:
    """A task with the layer as its output."""
    return words.case_of(example["word"], {k: v for k, v in example.items() if k != "word"}, name, head=False)


def examples(penalty: str) -> list[Case]:
    """One of each layer that may have it."""
    drawn = {word: words.examples(word)[0] for word in LAYERS}
    return [_with(case, f"{penalty}_{word}", {penalty: 0.03}) for word, case in drawn.items()]


def _with(case: Case, name: str, penalty: dict[str, float]) -> Case:
    model = case.table["model"]
    layers = [{**layer, **(penalty if layer["name"] == "tested" else {})} for layer in model["layers"]]
    return Case(name, {**case.table, "model": {**model, "layers": layers}}, case.high, laws=case.laws)


def drawn(penalty: str, count: int) -> list[Case]:
    """So many different random configurations; always the same."""
    return words.collected(STRATEGIES[penalty], lambda example, place: case_of(example, f"{penalty}_{place}"), count)
