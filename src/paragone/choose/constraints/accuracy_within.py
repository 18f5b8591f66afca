"""How well a candidate learned against the best: by accuracy over seeds.

In a run in which nobody has an accuracy, `loss-within` decides if it is asked for; this does not apply there then.
"""

from __future__ import annotations

import math
from statistics import fmean

from paragone.choose.candidates import Candidate, Found
from paragone.choose.constraints.base import Decided, Rule, Setting, number, over, own_first
from paragone.choose.wording import figure

_ROUNDING = 1e-12
_ABSENT = "no finite mean accuracy over seeds"


def _accuracy(found: Found) -> float:
    outcome = found.evidence.outcome(found.side)
    return fmean(outcome.accuracy) if outcome and outcome.accuracy else math.nan


def accuracies(found: Found, setting: Setting) -> list[float]:
    """The mean test accuracies over seeds of all that ran to the end in the same run, where they have one."""
    same = [other for one in setting.running for other in one.found if other.evidence.id == found.evidence.id]
    return [mean for mean in map(_accuracy, same) if math.isfinite(mean)]


def _near(found: Found, setting: Setting, limit: float) -> Decided:
    mean, best = _accuracy(found), max(accuracies(found, setting), default=math.nan)
    if not math.isfinite(mean):
        return Decided(False, _ABSENT, found.evidence.id)
    told = f"mean accuracy over seeds {figure(mean, 'share')}, the best {figure(best, 'share')}"
    return Decided(best - mean <= limit + _ROUNDING, told, found.evidence.id)


def _decide(limit: object, candidate: Candidate, setting: Setting) -> Decided | None:
    by_loss = "loss-within" in setting.asked
    learned = [one for one in candidate.found if one.evidence.teaches]
    found = [one for one in learned if not by_loss or accuracies(one, setting)]
    if learned and not found and by_loss:
        return None
    return over([_near(one, setting, number(limit)) for one in own_first(found)], _ABSENT)


def _read(value: object) -> float:
    if number(value) > 1:
        raise ValueError("a share from 0 to 1; 0.02 is two points")
    return number(value)


RULE = Rule(
    id="accuracy-within",
    summary="mean test accuracy over seeds at most this far below the best",
    expects="a share from 0 to 1; 0.02 is two points",
    read=_read,
    text=lambda limit: f"mean accuracy over seeds at most {100 * number(limit):g} points below the best",
    decide=_decide,
)
