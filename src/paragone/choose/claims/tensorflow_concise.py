"""The TensorFlow version (Sequential) is the more concise one.

Tokens without comments and docstrings are counted, of sides that people wrote or that were written plainly. Another
author would write either of them up to a tenth longer or shorter, so that a ratio within 21 % of 1 decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.code import lengths
from paragone.choose.judge.ratios import below_one
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """The length of the files."""
    yield from lengths(evidence, below_one)


CLAIM = Kind(
    id="tensorflow-concise",
    claim="the TensorFlow version (Sequential) is the more concise one",
    decides="tokens of the sides without comments, TensorFlow over PyTorch: certainly below 1",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
)
