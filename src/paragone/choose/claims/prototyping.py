"""PyTorch is faster to prototype with.

What can be measured of it: how long one waits from the start of the program to the first step done, how much there is
to write, and how much changes where a requirement does. All are proxies, so the claim holds in part at best. A start
counts as shorter where the whole interval says so; a file as shorter where it is so although another author would write
either a tenth longer or shorter.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.code import lengths
from paragone.choose.judge.learned import edited_tokens
from paragone.choose.judge.ratios import above_one, compared
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding

MISSING = "people who were watched while they tried ideas out"


def look(evidence: Evidence) -> Iterator[Finding]:
    """The wait before the first step, the length of the files, and what is edited where a requirement changes."""
    yield from compared(evidence, "cold start", above_one, proxy=True)
    yield from lengths(evidence, above_one, proxy=True)
    yield from edited_tokens(evidence)


CLAIM = Kind(
    id="prototyping",
    claim="PyTorch is faster to prototype with",
    decides="by proxy: which starts sooner, up to the first step, whose file has fewer tokens, and in which fewer "
    "change where a requirement does",
    look=look,
    verdicts=frozenset({"holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
    proxies=True,
    missing=(MISSING,),
)
