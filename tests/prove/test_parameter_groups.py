"""Groups of parameters that have numbers of the optimizer each of their own, in PyTorch."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.frameworks.mixed import Mixed, mixed
from paragone.prove.hypotheses import hypotheses, unexplainable
from paragone.prove.subject import Subject

from .harness import first_failing, prove_texts
from .subjects import make_subject

MODEL = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
criterion = nn.CrossEntropyLoss()
"""
PLAIN = MODEL + "optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.1)\n"
HEAD_FIRST = MODEL + (
    "groups = [{'params': model[2].parameters(), 'lr': 0.1}, {'params': model[0].parameters()}]\n"
    "optimizer = torch.optim.AdamW(groups, lr=0.01, weight_decay=0.1)\n"
)
NOT_BIASES = MODEL + (
    "biases = [p for p in model.parameters() if p.ndim == 1]\n"
    "groups = [{'params': biases, 'weight_decay': 0.0}, {'params': [p for p in model.parameters() if p.ndim > 1]}]\n"
    "optimizer = torch.optim.AdamW(groups, lr=0.01, weight_decay=0.1)\n"
)


@pytest.mark.parametrize(
    ("other", "trap", "said"),
    [
        (HEAD_FIRST, "learning-rate", "0.01 (0.1 for dense_2)"),
        (NOT_BIASES, "weight-decay", "0 (0.1 for dense_1/kernel_io, dense_2/kernel_io)"),
    ],
    ids=["rate of the head", "no decay of biases"],
)
def test_a_group_of_its_own_is_the_cause_with_its_weights(tmp_path: Path, other: str, trap: str, said: str) -> None:
    pair, proof = prove_texts(tmp_path, PLAIN, other)
    assert first_failing(pair) == "step"
    (cause,) = pair.causes
    assert (cause.trap, cause.b) == (trap, said)
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert cause.fix is not None
    assert not cause.fix.exact
    assert "groups of parameters" in cause.fix.note


def test_groups_stay_as_they_are_when_something_else_is_taken_out(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, NOT_BIASES, NOT_BIASES.replace("lr=0.01", "lr=0.01, eps=1e-3"))
    assert [cause.trap for cause in pair.causes] == ["adam-epsilon-default"]
    assert [one.verdict for one in proof.corrected] == ["same"]


KERNELS = ["dense_1/kernel_io", "dense_2/kernel_io"]
WEIGHTS = [KERNELS, ["dense_1/bias", "dense_2/bias", "norm_1/scale", "norm_1/offset"]]


def test_several_values_are_told_by_layers_and_weights() -> None:
    assert mixed([0.1, 0.1], WEIGHTS) == 0.1
    assert mixed([0.1, 0.2], [*WEIGHTS[:1], []]) == 0.1
    found = mixed([0.1, 0.0], WEIGHTS)
    assert isinstance(found, Mixed)
    assert found == "0 (0.1 for dense_1/kernel_io, dense_2/kernel_io)"
    assert mixed([True, False], [["a/x"], ["b/x", "b/y"]]) == "False (True for a)"
    assert mixed([0.1, 0.2], [["b/x"], ["a/x"]]) == "0.2 (0.1 for b)"
    many = [[f"dense_{i}/bias" for i in range(5)], [f"dense_{i}/kernel" for i in range(6)]]
    assert mixed([1.0, 2.0], many) == "2 (1 for dense_0/bias, dense_1/bias, dense_2/bias and 2 more)"


def with_mixed(name: str, value: object) -> Subject:
    subject = make_subject(name, {("optimizer", "weight_decay"): value})
    rows = [{**row, "mixed": isinstance(value, str)} for row in subject.said["traits"]]
    said = {**subject.said, "traits": rows}
    return Subject(subject.file, said, said)


def test_a_mixed_value_is_taken_from_a_side_and_given_to_none() -> None:
    first = [with_mixed("a", "0.1 (0 for dense_1)"), with_mixed("b", 0.1)]
    assert [(one.side, one.value) for one in hypotheses(first)] == [("a", 0.1)]
    both = [with_mixed("a", "0.1 (0 for dense_1)"), with_mixed("b", "0.1 (0 for dense_2)")]
    assert hypotheses(both) == []
    assert unexplainable(both) == [
        "the weight decay of groups of parameters: 0.1 (0 for dense_1) in a, 0.1 (0 for dense_2) in b"
    ]
    assert unexplainable([both[0], with_mixed("b", "0.1 (0 for dense_1)")]) == []
