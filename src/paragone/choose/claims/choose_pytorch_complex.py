"""Choose PyTorch for complex architectures.

A run's own choice for the profile `dynamic-architectures` decides. Besides, by proxy: a model whose way depends on its
values needs control flow, and a Python `if` either trains as it is written or does not; so without a choice the claim
holds in part at best.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims import pythonic
from paragone.choose.evidence import Evidence
from paragone.choose.judge.choices import chosen
from paragone.choose.judge.pairs import TORCH
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What is chosen for complex architectures, and control flow as a proxy."""
    yield from chosen(evidence, TORCH, "dynamic-architectures")
    for one in pythonic.look(evidence):
        yield one.model_copy(update={"proxy": True})


CLAIM = Kind(
    id="choose-pytorch-complex",
    claim="choose PyTorch for complex architectures",
    decides="what is chosen for dynamic-architectures; by proxy, whether a Python `if` trains as it is written",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
)
