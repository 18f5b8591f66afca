"""The last stage before the report: what suits a profile, on evidence; or that there is no robust winner.

`choose` takes a run's record and gives a `Choice` among its sides; `decide` is the same among any candidates.
Importing this package loads neither NumPy nor SciPy.
"""

from __future__ import annotations

from paragone.choose.decision import choose, decide
from paragone.choose.profile import Profile, named, profiles

__all__ = ["Profile", "choose", "decide", "named", "profiles"]
