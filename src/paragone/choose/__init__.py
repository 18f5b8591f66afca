"""The last stage before the report: which side suits a profile, on the evidence of this run alone.

`choose` takes the records of the earlier stages and gives a `Choice`; `profiles` lists what can be asked for.
Importing this package loads neither NumPy nor SciPy.
"""

from __future__ import annotations

from paragone.choose.decision import choose
from paragone.choose.profile import Profile, profiles

__all__ = ["Profile", "choose", "profiles"]
