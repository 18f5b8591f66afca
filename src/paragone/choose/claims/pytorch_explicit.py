"""The PyTorch version gives more explicit control over the forward pass.

It is seen in the code: a side writes its forward pass out where a class of it has the method for it (`forward` in
PyTorch, `call` in Keras). Where only PyTorch's side does, that is for the claim. That Keras can do it too is against
it, as far as it is about the frameworks and not about these two sides.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.code import written_out
from paragone.choose.judge.said import no, said
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """The methods of the sides' classes, and what Keras documents."""
    yield from written_out(evidence)
    yield from said(evidence, "frameworks/keras-writes-forward-out", no)


CLAIM = Kind(
    id="pytorch-explicit",
    claim="the PyTorch version gives more explicit control over the forward pass",
    decides="whose side writes its forward pass out in a method, and whether the other framework could as well",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
)
