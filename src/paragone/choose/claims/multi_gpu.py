"""Both support training on several GPUs.

Support is documented by both, and the same functions were seen to train on several devices here, for want of GPUs on
parts of one processor. How well it scales is another question, and takes the GPUs.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.said import Value, said, yes
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def several(value: Value) -> bool:
    """More than one."""
    return isinstance(value, int) and value > 1


def look(evidence: Evidence) -> Iterator[Finding]:
    """What each documents, and whether it trains on more than one device."""
    for framework in ("tensorflow", "pytorch"):
        yield from said(evidence, f"distributed/{framework}-replicas", several)
        yield from said(evidence, f"distributed/{framework}-documents-gpus", yes)


CLAIM = Kind(
    id="multi-gpu",
    claim="both support training on several GPUs",
    decides="whether each documents it, and trains in step on several devices where it was tried",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "not testable here"}),
    missing=("several GPUs, to see how well it scales",),
)
