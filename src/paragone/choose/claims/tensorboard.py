"""Visualisation with TensorBoard is an advantage of TensorFlow.

It was one while TensorBoard came with TensorFlow and read nothing else. It is outdated as soon as one of the two is no
longer so.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.said import said, yes
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """Whether it comes with TensorFlow, and for TensorFlow alone."""
    yield from said(evidence, "tensorboard/only-for-tensorflow", yes, once=True)
    yield from said(evidence, "tensorboard/comes-with-tensorflow", yes, once=True)


CLAIM = Kind(
    id="tensorboard",
    claim="visualisation with TensorBoard is an advantage of TensorFlow",
    decides="whether TensorBoard comes with TensorFlow, and whether it is for TensorFlow alone",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "outdated", "no evidence yet"}),
)
