"""Choose TensorFlow for large-scale distributed training.

What is large takes a cluster, which is not here: that both train on several devices, as they do, says nothing of which
of them to choose. A run's own choice for the profile `large-scale-training` decides; facts are told beside.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.choices import chosen
from paragone.choose.judge.pairs import TENSORFLOW
from paragone.choose.judge.said import beside
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What is chosen for training at a large scale; what both document and do, beside."""
    yield from chosen(evidence, TENSORFLOW, "large-scale-training")
    yield from beside(evidence, "distributed/tensorflow-documents-gpus", "distributed/pytorch-documents-gpus")
    yield from beside(evidence, "distributed/tensorflow-replicas", "distributed/pytorch-replicas")


CLAIM = Kind(
    id="choose-tensorflow-distributed",
    claim="choose TensorFlow for large-scale distributed training",
    decides="what is chosen for the profile large-scale-training; times of a cluster, where there is one",
    look=look,
    verdicts=frozenset({"holds", "does not hold", "holds in part", "not testable here"}),
    missing=("a cluster of accelerators",),
)
