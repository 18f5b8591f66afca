"""From findings to a verdict: fixed rules, the same for all claims."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from paragone.choose.evidence import Evidence, OwnRun, Reference
from paragone.choose.judge.said import due
from paragone.choose.learning import LEARNING
from paragone.records.claim import Claim, ClaimEvidence, ClaimVerdict, Finding

COMPARE = "`paragone compare` with both frameworks"
DEPLOY = "`paragone compare` or `paragone deploy` with both frameworks and `--to all`"
MORE = "a run that decides: with a longer `--budget` intervals become narrower"
_IN_A_SENTENCE = frozenset({"A", "At", "In", "Of", "On", "Only", "Over", "Since", "The", "With"})
"""Words that lose their capital where a fact's sentence stands inside of another."""


@dataclass(frozen=True)
class Kind:
    """A claim, and how it is judged.

    Args:
        id: of the claim.
        claim: in our own words.
        decides: what decides it, and the fixed rule.
        look: the findings in the evidence.
        verdicts: those that it can have, besides "stale".
        needs_run: no verdict without a run, or a count of ours, that says something: facts alone do not decide it.
        proxies: what can be seen stands for what was asked, so that it holds in part at best.
        missing: what this machine cannot have.
        to_run: what makes a run that says something.
    """

    id: str
    claim: str
    decides: str
    look: Callable[[Evidence], Iterable[Finding]]
    verdicts: frozenset[ClaimVerdict]
    needs_run: bool = False
    proxies: bool = False
    missing: tuple[str, ...] = ()
    to_run: str = COMPARE

    def judge(self, evidence: Evidence) -> Claim:
        """The verdict on this evidence, with all that it rests on."""
        findings = tuple(self.look(evidence))
        ids = {LEARNING, *(one.id for one in evidence.every_run)}
        by_run = [one.answer for one in findings if set(one.evidence) & ids]
        run_says = "for" in by_run or "against" in by_run
        found = self._verdict(findings, run_says)
        decisive = _decisive(findings, found)
        stale = _stale(decisive, evidence)
        lacks = MORE if "open" in by_run else f"a run: {self.to_run}, or `make reference` for the runs that ship"
        missing = (*self.missing, *((lacks,) if self.needs_run and not run_says else ()))
        return Claim(
            id=self.id,
            claim=self.claim,
            decides=self.decides,
            verdict="stale" if stale else found,
            was=found if stale else "",
            stale=stale,
            effect=next((one.effect for one in decisive if one.effect), None),
            sentence=self._sentence(found, decisive, stale, missing),
            findings=findings,
            evidence=_evidence(findings, evidence),
            missing=missing,
        )

    def _verdict(self, findings: Sequence[Finding], run_says: bool) -> ClaimVerdict:
        for_ = [one for one in findings if one.answer == "for"]
        against = [one for one in findings if one.answer == "against"]
        if self.needs_run and not run_says:
            return "no evidence yet"
        if for_ and against:
            return "holds in part"
        if for_:
            return "holds in part" if self.proxies or all(one.proxy for one in for_) else "holds"
        if against:
            return "outdated" if any(one.once for one in against) else "does not hold"
        return "not testable here" if self.missing else "no evidence yet"

    def _sentence(
        self, verdict: ClaimVerdict, told: Sequence[Finding], stale: Sequence[str], missing: Sequence[str]
    ) -> str:
        quoted = f"“{self.claim[:1].upper()}{self.claim[1:]}”"
        if verdict == "no evidence yet":
            return f"{quoted}: no evidence yet; it takes {missing[-1] if missing else 'facts that decide'}."
        if verdict == "not testable here":
            return f"{quoted} is not testable here; it takes {' and '.join(missing)}."
        why = "; ".join(dict.fromkeys(_inside(one.text) for one in told))
        if stale:
            return f"{quoted}: stale, for it was judged with {', '.join(stale)}; then: {verdict}, since {why}."
        said = "is outdated" if verdict == "outdated" else verdict
        return f"{quoted} {said}{', by proxy' if self.proxies else ''}: {why}."


def _inside(text: str) -> str:
    """A sentence as a part of another."""
    first, space, rest = text.partition(" ")
    return f"{first.lower()}{space}{rest}" if first in _IN_A_SENTENCE else text


def _decisive(findings: Sequence[Finding], verdict: ClaimVerdict) -> tuple[Finding, ...]:
    """What the sentence tells: the finding that says most on either side, or the two that say most on the only one."""
    if verdict in ("not testable here", "no evidence yet"):
        return ()
    for_, against = (
        sorted((one for one in findings if one.answer == answer), key=_weight) for answer in ("for", "against")
    )
    return (against[0], for_[0]) if for_ and against else tuple((for_ or against)[:2])


def _weight(one: Finding) -> tuple[bool, float]:
    """Numbers first, the largest effect before the others; then what is no proxy."""
    size = abs(math.log(one.effect.value.mid)) if one.effect and one.effect.value.mid > 0 else 0.0
    return one.proxy, -size


def _stale(decisive: Iterable[Finding], evidence: Evidence) -> tuple[str, ...]:
    """Versions that the verdict rests on and that are not the installed ones; what is not installed is not stale."""
    rests = {item: None for one in decisive for item in one.rests_on.items()}
    changed = []
    for package, version in rests:
        now = evidence.installed(package)
        if now is not None and _public(now) != _public(version):
            changed.append(f"{package} {version}, now {now}")
    return tuple(sorted(changed))


def _public(version: str) -> str:
    """A version without the label of its build (`+cpu`), which names the same release."""
    return version.partition("+")[0]


def _evidence(findings: Iterable[Finding], evidence: Evidence) -> tuple[ClaimEvidence, ...]:
    runs = {one.id: one for one in evidence.every_run}
    found: dict[str, ClaimEvidence] = {}
    for finding in findings:
        for id_ in finding.evidence:
            found.setdefault(id_, _cited(id_, runs, evidence))
    return tuple(found.values())


def _cited(id_: str, runs: Mapping[str, OwnRun | Reference], evidence: Evidence) -> ClaimEvidence:
    if id_ == LEARNING and evidence.learning is not None:
        counted = evidence.learning
        title = f"concepts, edits and tracebacks, a proxy for what there is to learn, counted on {counted.machine.cpu}"
        return ClaimEvidence(id=id_, kind="reference", title=title, date=date.fromisoformat(counted.created[:10]))
    return _run(runs[id_]) if id_ in runs else _fact(id_, evidence)


def _run(one: OwnRun | Reference) -> ClaimEvidence:
    return ClaimEvidence(
        id=one.id,
        kind="reference" if isinstance(one, Reference) else "run",
        title=f"{one.run.name}, on {one.run.machine.cpu}",
        date=date.fromisoformat(one.run.created[:10]),
    )


def _fact(id_: str, evidence: Evidence) -> ClaimEvidence:
    fact = evidence.facts[id_]
    return ClaimEvidence(
        id=id_,
        kind="fact",
        title=fact.source_says,
        source=fact.source,
        date=fact.date,
        says_who=fact.says_who,
        look_again=fact.look_again,
        due=due(fact, evidence),
    )
