"""The claim ledger for the terminal, and the words that it shares with the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from paragone.records.claim import Claim, ClaimEvidence, ClaimVerdict
from paragone.report.figures import count, number
from paragone.report.phrases import listed
from paragone.report.text import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Tone = Literal["good", "bad", "unsure", "asked", "none"]
MARKS: dict[ClaimVerdict, tuple[str, Tone]] = {
    "holds": ("✓", "good"),
    "holds in part": ("≈", "unsure"),
    "does not hold": ("≠", "bad"),
    "outdated": ("≠", "asked"),
    "stale": ("!", "unsure"),
    "not testable here": ("–", "none"),
    "no evidence yet": ("–", "none"),
}
"""Symbol and tone of each verdict, in the order in which they are counted."""
_STYLES: dict[Tone, str] = {"good": "green", "bad": "red", "unsure": "yellow", "asked": "cyan", "none": "dim"}
WHO = {"vendor": "says the project itself", "independent": "says somebody independent", "ours": "measured by us"}


def effect_text(claim: Claim) -> str:
    """How much, with its interval; empty where it is no number."""
    if claim.effect is None:
        return ""
    value, unit = claim.effect.value, claim.effect.unit
    mid, low, high = (number(one, keep=True) for one in (value.mid, value.low, value.high))
    return f"{mid}{unit} ({low} to {high})"


def tally(claims: Sequence[Claim]) -> str:
    """How many claims have which verdict."""
    found = Counter(one.verdict for one in claims)
    told = listed([f"{verdict}: {found[verdict]}" for verdict in MARKS if found[verdict]])
    return f"{count(len(claims), 'claim')} ({told})"


def origin(one: ClaimEvidence) -> str:
    """Of a fact who says so, and since when it may have changed."""
    made = f"made on {one.date}" if one.kind != "fact" else f"of {one.date}, {WHO.get(one.says_who, '')}"
    again = f"; to be looked at again since {one.look_again}" if one.due else ""
    return f"{made}{again}"


def render_claims(claims: Sequence[Claim], console: Console, *, details: bool = False) -> None:
    """Print verdict, effect, sentence and evidence of each claim, then what the evidence is.

    Args:
        claims: the ledger.
        console: where to.
        details: all findings of each claim and what decides it, as well.
    """
    from rich.padding import Padding
    from rich.text import Text

    for claim in claims:
        console.print(_head(claim))
        for line in _lines(claim, details):
            console.print(Padding(Text(clean(line)), (0, 0, 0, 2)), highlight=False)
    console.print()
    for line in _sources(claims):
        console.print(Text(clean(line), style="dim"), highlight=False)
    console.print(Text(tally(claims)), highlight=False)


def _head(claim: Claim) -> Text:
    from rich.text import Text

    symbol, tone = MARKS[claim.verdict]
    head = Text.assemble((clean(claim.id), "bold"), "  ", (f"{symbol} {claim.verdict}", _STYLES[tone]))
    effect = effect_text(claim)
    return head.append(f"  {clean(effect)}") if effect else head


def _lines(claim: Claim, details: bool) -> Iterator[str]:
    yield claim.sentence
    if details:
        yield f"what decides: {claim.decides}"
        yield from (f"{one.answer}: {one.text}" for one in claim.findings)
        yield from (f"missing: {one}" for one in claim.missing)
    if claim.evidence:
        yield f"evidence: {', '.join(_named(one) for one in claim.evidence)}"


def _named(one: ClaimEvidence) -> str:
    return f"run {one.id}" if one.kind == "run" else one.id


def _sources(claims: Sequence[Claim]) -> Iterator[str]:
    found = {one.id: one for claim in claims for one in claim.evidence}
    for one in found.values():
        yield f"{_named(one)}: {one.title} ({origin(one)}){f', {one.source}' if one.source else ''}"
