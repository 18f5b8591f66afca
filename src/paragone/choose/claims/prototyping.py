"""PyTorch is faster to prototype with.

What can be measured of it: how long one waits from the start of the program to the first step done, and how much there
is to write. Both are proxies, so the claim holds in part at best. A start counts as shorter where the whole interval
says so; a file as shorter where it is so although another author would write either a tenth longer or shorter.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.code import lengths
from paragone.choose.judge.ratios import above_one, compared
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding

MISSING = "people who were watched while they tried ideas out"


def look(evidence: Evidence) -> Iterator[Finding]:
    """The wait before the first step, and the length of the files."""
    yield from compared(evidence, "cold start", above_one, proxy=True)
    yield from lengths(evidence, above_one, proxy=True)


CLAIM = Kind(
    id="prototyping",
    claim="PyTorch is faster to prototype with",
    decides="by proxy: which starts sooner, up to the first step, and whose file has fewer tokens",
    look=look,
    verdicts=frozenset({"holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
    proxies=True,
    missing=(MISSING,),
)
