"""Dynamic graphs make PyTorch easier to debug.

A print or a breakpoint inside of a model helps in every step only if Python runs there in every step. That it does in
PyTorch and does not in Keras' `fit` is for the claim; that Keras does the same when it is asked to is against it.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.said import Value, said
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding

STEPS = 50


def every_step(value: Value) -> bool:
    """That Python ran in every step."""
    return isinstance(value, int) and value >= STEPS


def not_every_step(value: Value) -> bool:
    """That it did not."""
    return not every_step(value)


def look(evidence: Evidence) -> Iterator[Finding]:
    """How often Python runs inside of a model."""
    yield from said(evidence, "frameworks/python-runs-in-pytorch", every_step)
    yield from said(evidence, "frameworks/python-runs-in-keras", not_every_step)
    yield from said(evidence, "frameworks/python-runs-in-eager-keras", not_every_step)


CLAIM = Kind(
    id="dynamic-debugging",
    claim="dynamic graphs make PyTorch easier to debug",
    decides="whether a print or a breakpoint inside of a model is met in every training step, in each of them",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
)
