"""Follows every printed number of a claim to the record or the fact that it comes from, by a way of its own."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from statistics import median
from typing import Any

from paragone.choose.evidence import Evidence
from paragone.choose.learning import LEARNING
from paragone.records import Claim, Fact, Finding, Printed, Run
from paragone.records.learning import Learning
from paragone.report.figures import number

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
_NUMBER = re.compile(r"\d[\d.,⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*")
_NOTHING = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def untraced(claim: Claim, evidence: Evidence) -> list[str]:
    """Every number of the claim that leads nowhere, with what is wrong about it."""
    runs = records(evidence)
    bad = [fault for finding in claim.findings for fault in _of_finding(finding, runs, evidence.facts)]
    bad += [f"no such evidence: {one.id}" for one in claim.evidence if one.id not in {*runs, *evidence.facts}]
    bad += [
        f"{one.id} is not {one.kind}" for one in claim.evidence if (one.kind == "fact") != (one.id in evidence.facts)
    ]
    bad += [
        f"another source: {one.id}" for one in claim.evidence if not _same_source(one.id, one.source, evidence.facts)
    ]
    if claim.effect is not None:
        effects = [finding.effect for finding in claim.findings]
        bad += [] if claim.effect in effects else ["the effect is of no finding"]
    said = claim.sentence.replace(claim.claim[1:], " ")
    for text in (*claim.stale, *claim.missing):
        said = said.replace(text, " ")
    bad += [f"stale: {text}" for text in claim.stale if not _true_of(text, claim)]
    bad += [f"in the sentence: {one}" for one in _left(said, claim.findings, evidence)]
    return bad


def records(evidence: Evidence) -> dict[str, Run | Learning]:
    """Every record that a printed number may come from, by the id of the evidence."""
    counted = {} if evidence.learning is None else {LEARNING: evidence.learning}
    return {one.id: one.run for one in evidence.every_run} | counted


def _of_finding(finding: Finding, runs: Mapping[str, Run | Learning], facts: Mapping[str, Fact]) -> Iterator[str]:
    for one in finding.printed:
        if one.evidence not in finding.evidence:
            yield f"{one.text} is of {one.evidence}, which the finding does not name"
        elif (expected := _recomputed(one, runs[one.evidence])) != one.text:
            yield f"{one.text} is printed, {expected} stands in {one.places}"
    yield from (f"in a finding: {one}" for one in _left_of(finding.text, [finding], runs, facts))
    if finding.effect is not None:
        value = finding.effect.value
        texts = {one.text for one in finding.printed}
        ends = [number(one, keep=True) for one in (value.mid, value.low, value.high)]
        yield from (f"{end} of the effect is printed nowhere" for end in ends if end not in texts)


def _recomputed(one: Printed, run: Run | Learning) -> str:
    values = [_at(run, place) for place in one.places]
    if one.how == "count":
        return str(len(values))
    if one.how in ("sum", "median"):
        return f"{sum(values) if one.how == 'sum' else median(values):g}"
    if one.how == "tokens":
        return str(_tokens(values[0]))
    ways = {
        "value": lambda: values[0],
        "inverse": lambda: 1 / values[0],
        "divided": lambda: values[0] / values[1],
        "tokens divided": lambda: _tokens(values[0]) / _tokens(values[1]),
    }
    return number(ways[one.how]() * one.scale, keep=True)


def _at(record: Any, place: str) -> Any:
    for step in place.split("."):
        found = _STEP.fullmatch(step)
        assert found, place
        record = getattr(record, found[1])
        record = record if found[2] is None else record[int(found[2])]
    return record


@cache
def _tokens(code: str) -> int:
    """Tokens without comments, and without strings that stand alone."""
    found = [one for one in tokenize.generate_tokens(io.StringIO(code).readline) if one.type != tokenize.COMMENT]
    alone = {
        at
        for at, one in enumerate(found)
        if one.type == tokenize.STRING
        and found[at + 1].type == tokenize.NEWLINE
        and (at == 0 or found[at - 1].type in _NOTHING)
    }
    return sum(at not in alone and one.type not in _NOTHING for at, one in enumerate(found))


def _left(text: str, findings: tuple[Finding, ...], evidence: Evidence) -> list[str]:
    told = [one for one in findings if one.text[1:] in text]
    return _left_of(text, told, records(evidence), evidence.facts)


def _left_of(
    text: str,
    findings: tuple[Finding, ...] | list[Finding],
    runs: Mapping[str, Run | Learning],
    facts: Mapping[str, Fact],
) -> list[str]:
    """Numbers of a text that none of these findings accounts for."""
    for finding in findings:
        for id_ in finding.evidence:
            if id_ in facts:
                says = facts[id_].says.removesuffix(".")
                text = text.replace(says, " ").replace(says[:1].lower() + says[1:], " ")
        for id_ in finding.evidence:
            text = text.replace(id_, " ") if id_ in runs else text
        for one in sorted(finding.printed, key=lambda one: -len(one.text)):
            text = re.sub(rf"(?<![\d.,]){re.escape(one.text)}(?![\d]|[.,]\d)", " ", text)
    return _NUMBER.findall(text)


def _same_source(id_: str, source: str, facts: Mapping[str, Fact]) -> bool:
    return id_ not in facts or facts[id_].source == source


def _true_of(text: str, claim: Claim) -> bool:
    rests = {f"{name} {version}" for finding in claim.findings for name, version in finding.rests_on.items()}
    return text.partition(", now")[0] in rests
