"""How well a candidate learned against the best: by test loss over seeds, in runs in which nobody has an accuracy."""

from __future__ import annotations

import math
from statistics import fmean

from paragone.choose.candidates import Candidate, Found
from paragone.choose.constraints.accuracy_within import accuracies
from paragone.choose.constraints.base import Decided, Rule, Setting, number, over, own_first
from paragone.choose.wording import figure

_ROUNDING = 1e-12
_ABSENT = "no finite mean test loss over seeds"


def _loss(found: Found) -> float:
    outcome = found.evidence.outcome(found.side)
    return fmean(outcome.loss) if outcome and outcome.loss else math.nan


def _near(found: Found, setting: Setting, limit: float) -> Decided:
    same = [other for one in setting.running for other in one.found if other.evidence.id == found.evidence.id]
    mean, best = _loss(found), min((loss for loss in map(_loss, same) if math.isfinite(loss)), default=math.nan)
    if not math.isfinite(mean):
        return Decided(False, _ABSENT, found.evidence.id)
    told = f"mean test loss over seeds {figure(mean, '')}, the best {figure(best, '')}"
    return Decided(mean - best <= limit * abs(best) + _ROUNDING, told, found.evidence.id)


def _decide(limit: object, candidate: Candidate, setting: Setting) -> Decided | None:
    learned = [one for one in candidate.found if one.evidence.teaches]
    found = [one for one in learned if not accuracies(one, setting)]
    if learned and not found:
        return None
    return over([_near(one, setting, number(limit)) for one in own_first(found)], _ABSENT)


RULE = Rule(
    id="loss-within",
    summary="in a task without accuracy, mean test loss over seeds at most this share above the best",
    expects="a number of at least 0; 0.1 is ten per cent",
    read=number,
    text=lambda limit: f"mean test loss over seeds at most {number(limit):.0%} above the best",
    decide=_decide,
)
