"""TensorFlow is the stronger one for deployment in production (TF Serving, TF Lite).

"Stronger" is taken at its word: TensorFlow's side must arrive in more runtimes for servers than PyTorch's, of those
that were tried with both; as many is against the claim. A server of its own that is maintained is for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.arrivals import arrivals, for_servers
from paragone.choose.judge.said import no, said, yes
from paragone.choose.judge.settle import DEPLOY, Kind
from paragone.records.claim import Answer, Finding

CALLED = "runtimes for servers"


def look(evidence: Evidence, *, level: Answer = "against") -> Iterator[Finding]:
    """Runtimes for servers, and the projects' own servers; `level` is what a draw says."""
    yield from arrivals(evidence, for_servers, CALLED, level=level)
    yield from said(evidence, "serving/tensorflow-serving-maintained", yes)
    yield from said(evidence, "serving/torchserve-maintained", no)


CLAIM = Kind(
    id="production",
    claim="TensorFlow is the stronger one for deployment in production (TF Serving, TF Lite)",
    decides="in how many runtimes for servers each arrives, and whose own server is maintained",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
    to_run=DEPLOY,
)
