"""TensorFlow's deployment ecosystem is the larger one.

Size is counted: the runtimes, of all kinds, in which each side arrives, of those that were tried with both; as many is
against the claim. What stands around the frameworks and lives, or no longer does, is told as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.arrivals import arrivals, everywhere
from paragone.choose.judge.said import beside, said, yes
from paragone.choose.judge.settle import DEPLOY, Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """Every runtime; what goes on and what does not."""
    yield from arrivals(evidence, everywhere, "runtimes")
    yield from said(evidence, "serving/tensorflow-serving-maintained", yes)
    yield from said(evidence, "ecosystem/tensorflow-js-released-lately", yes, once=True)
    yield from said(evidence, "ecosystem/transformers-with-tensorflow", yes, once=True)
    yield from beside(evidence, "edge/executorch-backends", "serving/torchserve-maintained")


CLAIM = Kind(
    id="deployment-ecosystem",
    claim="TensorFlow's deployment ecosystem is the larger one",
    decides="in how many runtimes each arrives, and which parts of the ecosystem are still released",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "outdated", "no evidence yet"}),
    needs_run=True,
    to_run=DEPLOY,
)
