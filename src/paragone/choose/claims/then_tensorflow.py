"""Consider TensorFlow for production.

The same evidence as for `production`, with less asked: to be worth considering TensorFlow need not arrive in more
runtimes for servers than PyTorch; as many is enough.
"""

from __future__ import annotations

from functools import partial

from paragone.choose.claims import production
from paragone.choose.judge.settle import DEPLOY, Kind

CLAIM = Kind(
    id="then-tensorflow",
    claim="consider TensorFlow for production",
    decides="whether it arrives in at least as many runtimes for servers, and whose own server is maintained",
    look=partial(production.look, level="for"),
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
    to_run=DEPLOY,
)
