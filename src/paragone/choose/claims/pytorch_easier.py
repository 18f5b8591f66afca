"""PyTorch is easier to learn, more intuitive for Python developers.

Learning takes learners, of whom none is here. By proxy: how much there is to read, how many concepts the ready tasks
take, which mistakes end with an error and how long its traceback is, and whether a Python `if` does in a model what a
Python developer expects. So the claim holds in part at best.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims import pythonic
from paragone.choose.evidence import Evidence
from paragone.choose.judge.code import lengths
from paragone.choose.judge.learned import all_concepts, errors_told, first_concepts, traceback_lines
from paragone.choose.judge.ratios import above_one
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding

MISSING = "learners who were watched"


def look(evidence: Evidence) -> Iterator[Finding]:
    """The length of the files, concepts, mistakes, and a Python `if` inside of a model."""
    yield from lengths(evidence, above_one, proxy=True)
    yield from first_concepts(evidence)
    yield from all_concepts(evidence)
    yield from errors_told(evidence)
    yield from traceback_lines(evidence)
    yield from pythonic.look(evidence)


CLAIM = Kind(
    id="pytorch-easier",
    claim="PyTorch is easier to learn, more intuitive for Python developers",
    decides="by proxy: whose file has fewer tokens, whose tasks take fewer concepts, which tells of more mistakes and "
    "in fewer lines, and whether a Python `if` trains as it is written",
    look=look,
    verdicts=frozenset({"holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
    proxies=True,
    missing=(MISSING,),
)
