"""A Keras `Sequential` and a PyTorch module with the same layers, loss and optimizer accomplish the same task.

The ladder of sameness decides: the claim holds where the pair is proven the same as written, and does not where it is
proven different. Where it is different, and every cause was shown by experiment to be worth nothing in accuracy (in
test loss where there is no accuracy), it holds in part: another function, the same use.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.proofs import proven
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """The verdict of the proof, and what the causes are worth."""
    yield from proven(evidence)


CLAIM = Kind(
    id="same-task",
    claim=(
        "a Keras `Sequential` of Dense(64, relu) and Dense(10, softmax), compiled with Adam and sparse categorical "
        "cross-entropy, and a PyTorch module of Linear(784, 64), relu and Linear(64, 10) with CrossEntropyLoss and "
        "Adam, accomplish the same task"
    ),
    decides="the proof of the two sides as written; of a user's own run, for that run's sides",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
)
