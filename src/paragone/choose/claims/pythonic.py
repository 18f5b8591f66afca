"""PyTorch reads more like Python and is more intuitive.

What can be tested of "like Python": whether a Python `if` on the value of a tensor does in a model what it does outside
of one, and whether the traceback of a mistake shows the line where it was made. What is intuitive takes people, so the
claim holds in part at best.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.learned import shown_lines
from paragone.choose.judge.said import no, said, yes
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """A Python `if` inside of a model, and tracebacks."""
    yield from said(evidence, "frameworks/if-in-pytorch", yes)
    yield from said(evidence, "frameworks/if-in-keras", no)
    yield from shown_lines(evidence)


CLAIM = Kind(
    id="pythonic",
    claim="PyTorch reads more like Python and is more intuitive",
    decides="by proxy: whether a Python `if` on a tensor's value trains as it is written, in each of them, and whose "
    "tracebacks show the line of a mistake",
    look=look,
    verdicts=frozenset({"holds in part", "does not hold", "not testable here"}),
    proxies=True,
    missing=("people who read both for the first time",),
)
