"""TensorFlow supports phones and edge devices better.

"Better" is taken at its word: TensorFlow's side must arrive in more runtimes for phones, edge devices and
microcontrollers than PyTorch's, of those that were tried with both; as many is against the claim. That PyTorch has a
released runtime of its own for them, and that LiteRT takes PyTorch as well, were not so some years ago.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.arrivals import arrivals, for_edge
from paragone.choose.judge.said import beside, no, said
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding

MISSING = "phones and their accelerators"


def look(evidence: Evidence) -> Iterator[Finding]:
    """Runtimes for the edge, and what each framework has of its own."""
    yield from arrivals(evidence, for_edge, "runtimes for phones and edge devices")
    yield from said(evidence, "edge/executorch-released", no, once=True)
    yield from said(evidence, "edge/litert-reads-pytorch", no, once=True)
    yield from beside(
        evidence, "edge/tensorflow-lite-goes-on", "edge/executorch-backends", "edge/pytorch-mobile-supported"
    )


CLAIM = Kind(
    id="mobile-edge",
    claim="TensorFlow supports phones and edge devices better",
    decides="in how many runtimes for phones and edge devices each arrives, and whether PyTorch has its own runtime",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "outdated", "not testable here"}),
    missing=(MISSING,),
)
