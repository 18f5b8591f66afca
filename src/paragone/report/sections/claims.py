"""What people say, and what we found: the claim ledger, each verdict with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from paragone.records import Run
from paragone.records.claim import Answer, Claim, ClaimEvidence, ClaimVerdict, Finding
from paragone.report.claimed import MARKS, effect_text, origin, tally
from paragone.report.phrases import Figure, Link, Phrase, Source, capitalised, linked
from paragone.report.samples.claims import claim_key
from paragone.report.text import anchor

_SAYS: dict[Answer, str] = {"for": "for it", "against": "against it", "open": "does not decide", "beside": "beside it"}
_LAST: frozenset[ClaimVerdict] = frozenset({"not testable here", "no evidence yet"})
"""What was not decided stands behind what was."""


@dataclass(frozen=True)
class Mark:
    """A verdict as symbol, word and tone."""

    symbol: str
    word: str
    tone: str


@dataclass(frozen=True)
class FindingView:
    """One finding: what it says of the claim, in a clause, and where that can be looked at."""

    says: str
    text: Phrase
    where: Phrase


@dataclass(frozen=True)
class ClaimView:
    """A claim with its verdict."""

    id: str
    name: str
    claim: Phrase
    mark: Mark
    effect: Phrase
    sentence: Phrase
    decides: Phrase
    findings: tuple[FindingView, ...]
    missing: tuple[Phrase, ...]


@dataclass(frozen=True)
class ClaimsView:
    """The section."""

    tally: Phrase = ()
    claims: tuple[ClaimView, ...] = ()


def claims_view(run: Run) -> ClaimsView:
    """The ledger of the record; empty where it has none."""
    if not run.claims:
        return ClaimsView()
    decided = sorted(run.claims, key=lambda one: one.verdict in _LAST)  # stable: the ledger's order within both
    return ClaimsView((capitalised(tally(run.claims)), "."), tuple(map(_claim, decided)))


def _claim(claim: Claim) -> ClaimView:
    sheet = claim_key(claim.id)
    evidence = {one.id: one for one in claim.evidence}
    effect = effect_text(claim)
    return ClaimView(
        id=anchor("claim-of", claim.id),
        name=claim.id,
        claim=linked(capitalised(claim.claim), sheet),
        mark=Mark(*_mark(claim)),
        effect=(Figure(effect, sheet),) if effect else (),
        sentence=linked(capitalised(_why(claim)), sheet),
        decides=linked(f"{capitalised(claim.decides)}.", sheet),
        findings=tuple(_finding(one, sheet, evidence) for one in claim.findings),
        missing=tuple(linked(one, sheet) for one in claim.missing),
    )


def _why(claim: Claim) -> str:
    """The sentence without the claim, which stands above it, and without the verdict, which stands beside it."""
    said = claim.sentence.removeprefix(f"“{capitalised(claim.claim)}”").removeprefix(":").strip()
    verdict = f"is {claim.verdict}" if claim.verdict in ("outdated", "not testable here") else claim.verdict
    if claim.verdict == "stale" or not said.startswith(verdict):
        return said
    return said.removeprefix(verdict).lstrip(":;, ")


def _mark(claim: Claim) -> tuple[str, str, str]:
    symbol, tone = MARKS[claim.verdict]
    return symbol, claim.verdict, tone


def _finding(one: Finding, sheet: str, evidence: dict[str, ClaimEvidence]) -> FindingView:
    where: list[str | Figure | Link | Source] = []
    for id_ in one.evidence:
        if id_ in evidence:
            where += [*(("; ",) if where else ()), *_where(evidence[id_], one.section, sheet)]
    return FindingView(_SAYS[one.answer], linked(f"{capitalised(one.text)}.", sheet), tuple(where))


def _where(one: ClaimEvidence, section: str, sheet: str) -> Iterator[str | Figure | Link | Source]:
    """A run of this page leads to its section; a fact to its source, where that is a page."""
    if one.kind == "run":
        yield Link(f"{one.id}, see the {section}", section) if section else one.id
        return
    yield Source(one.id, one.source) if one.source.startswith("https://") else one.id
    yield from linked(f", {one.title}, {origin(one)}", sheet)
