"""TensorFlow is steeper at first, powerful once mastered.

Both halves by proxy, so that it holds in part at best: steeper, where there is certainly more to read in TensorFlow's
side, or where the first ready task certainly takes more concepts of it; powerful once mastered, where its tuned track
certainly takes less time for a step than the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims.pytorch_easier import MISSING
from paragone.choose.evidence import Evidence
from paragone.choose.judge.code import lengths
from paragone.choose.judge.learned import first_concepts
from paragone.choose.judge.pairs import TENSORFLOW
from paragone.choose.judge.ratios import above_one, below_one, tuned
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """The length of the files, the concepts of the first task, and what the tuned track brings."""
    yield from lengths(evidence, above_one, proxy=True)
    yield from first_concepts(evidence)
    yield from tuned(evidence, TENSORFLOW, below_one, proxy=True)


CLAIM = Kind(
    id="tensorflow-steeper",
    claim="TensorFlow is steeper at first, powerful once mastered",
    decides="by proxy: whether its file has more tokens and its first task more concepts, and whether its tuned track "
    "takes less time for a step",
    look=look,
    verdicts=frozenset({"holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
    proxies=True,
    missing=(MISSING,),
)
