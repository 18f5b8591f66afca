"""Records of the claim ledger: what people say, and what we found."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from paragone.records.base import Interval, Record

ClaimVerdict = Literal[
    "holds", "holds in part", "does not hold", "outdated", "not testable here", "no evidence yet", "stale"
]
"""outdated: it does not hold, and once did. not testable here: a part is missing that this machine cannot have.
stale: a version that the verdict rests on is no longer the one installed."""
Answer = Literal["for", "against", "open", "beside"]
"""What a finding says of the claim. open: the evidence does not decide. beside: told, and decides nothing."""
How = Literal["value", "inverse", "divided", "sum", "median", "count", "tokens", "tokens divided"]
"""How a printed number comes from the places it stands for."""
Source = Annotated[str, StringConstraints(pattern=r"^(https://[^\s\"'<>]+|benchmarks/facts\.py#[a-z_0-9]+)?$")]


class Printed(Record):
    """A printed number and where it comes from.

    Args:
        text: as it is printed.
        evidence: the id of the evidence.
        places: where in that run's record, such as `timings.ratios[0].low`.
        how: from the values there to the number. value: the value itself. inverse: one over it. divided: the first
            over the second. sum, median: of the values there. count: how many places there are. tokens: of the code
            that stands there.
        scale: what that is multiplied with.
    """

    text: str
    evidence: str
    places: tuple[str, ...]
    how: How = "value"
    scale: float = 1.0


class ClaimEffect(Record):
    """How much, where it is a number: `what` is measured, in `unit` (`×` for a ratio)."""

    what: str
    unit: str
    value: Interval


class ClaimEvidence(Record):
    """What a finding rests on.

    Args:
        id: of the run, of the reference run, or of the fact.
        kind: which of these it is.
        title: in a few words: of a run its name, machine and date; of a fact what is to be read at its source.
        source: of a fact: where it can be read, or the function that measures it again.
        date: the day of which it holds.
        says_who: of a fact.
        look_again: of a fact: it may have changed from this day on.
        due: that day has come.
    """

    id: str
    kind: Literal["run", "reference", "fact"]
    title: str
    source: Source = ""
    date: datetime.date
    says_who: Literal["vendor", "independent", "ours", ""] = ""
    look_again: datetime.date | None = None
    due: bool = False


class Finding(Record):
    """One answer to one question that the claim turns on.

    Args:
        asks: the question.
        answer: what it says of the claim.
        text: the answer in a clause, with its numbers.
        evidence: ids of what it rests on.
        printed: every number in `text` and `effect` that comes from a run's record.
        effect: how much.
        section: of the run's own page, where more of it is.
        proxy: it stands for what was asked and is not that itself, or only a vendor says so of its own product: alone
            it never makes a claim hold.
        once: what was so once and is no longer.
        rests_on: versions by package.
    """

    asks: str
    answer: Answer
    text: str
    evidence: tuple[str, ...]
    printed: tuple[Printed, ...] = ()
    effect: ClaimEffect | None = None
    section: str = ""
    proxy: bool = False
    once: bool = False
    rests_on: dict[str, str] = Field(default_factory=dict)


class Claim(Record):
    """A sentence that people repeat, and what was found.

    Args:
        id: of the claim.
        claim: in our own words.
        decides: what decides it, and the fixed rule.
        verdict: what was found.
        was: the verdict before it was stale; empty for all others.
        stale: versions that it rests on, and those that are installed.
        effect: how much, where it is a number.
        sentence: what a person can quote.
        findings: all that was looked at.
        evidence: what they rest on.
        missing: what this machine cannot have, or what would have to be run.
    """

    id: str
    claim: str
    decides: str
    verdict: ClaimVerdict
    was: ClaimVerdict | Literal[""] = ""
    stale: tuple[str, ...] = ()
    effect: ClaimEffect | None = None
    sentence: str
    findings: tuple[Finding, ...] = ()
    evidence: tuple[ClaimEvidence, ...] = ()
    missing: tuple[str, ...] = ()


class Ledger(Record):
    """The claims that were asked for, judged."""

    claims: tuple[Claim, ...]
