"""Start with PyTorch to learn.

As good an advice as `pytorch-easier` is true, and judged by the same; a choice for the profile `education` counts too.
"""

from __future__ import annotations

from paragone.choose.claims import choose_pytorch_education, pytorch_easier
from paragone.choose.judge.settle import Kind

CLAIM = Kind(
    id="learn-pytorch-first",
    claim="start with PyTorch to learn",
    decides="by proxy, as pytorch-easier; and what is chosen for the profile education",
    look=choose_pytorch_education.look,
    verdicts=pytorch_easier.CLAIM.verdicts,
    needs_run=True,
    proxies=True,
    missing=pytorch_easier.CLAIM.missing,
)
