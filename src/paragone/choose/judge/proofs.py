"""Findings from proofs: whether sides are the same task, and what separates them."""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.pairs import TENSORFLOW, TITLES, TORCH, Seen, asked, pairs, versions, where, written_to_match
from paragone.records import Pair, Rung, Side
from paragone.records.claim import Answer, Finding, Printed
from paragone.report.figures import number

ANSWERS: dict[str, Answer] = {"same": "for", "different": "against"}
_FURTHEST = ("trajectory", "step", "gradients", "loss", "forward", "initialisation")


def proven(evidence: Evidence) -> tuple[Finding, ...]:
    """A finding for each pair that was compared; and one more where what separates it costs no accuracy.

    Sides that were written to match each other are left out: that they are the same is how they were made.
    """
    return asked(evidence, _proven)


def _proven(one: Seen) -> Iterator[Finding]:
    sides = {(a.name, b.name): (a, b) for a, b in pairs(one.run)}
    found = one.run.proof.pairs if one.run.proof and not written_to_match(one) else ()
    for place, pair in enumerate(found):
        both = sides.get((pair.a, pair.b)) or sides.get((pair.b, pair.a))
        if both and pair.verdict != "not run":
            yield _verdict(one, place, pair, both)
            yield from _costs_nothing(one, pair, both)


def _verdict(one: Seen, place: int, pair: Pair, both: tuple[Side, Side]) -> Finding:
    said, printed = _said(one, place, pair)
    return Finding(
        asks="whether they are the same task, by the ladder of sameness",
        answer=ANSWERS.get(pair.verdict, "open"),
        text=f"{said} {where(one)}",
        evidence=(one.id,),
        printed=printed,
        section="ladder",
        rests_on=versions(*both),
    )


def _said(one: Seen, place: int, pair: Pair) -> tuple[str, tuple[Printed, ...]]:
    names = f"the sides in {TITLES[TENSORFLOW]} and {TITLES[TORCH]}"
    if pair.verdict == "undecided":
        return f"whether {names} are the same task could not be decided", ()
    relation = "the same task" if pair.verdict == "same" else "not the same task"
    rung = _furthest(pair)
    apart = ""
    printed: tuple[Printed, ...] = ()
    if rung is not None:
        at, found = rung
        text = number(found.max_rel, keep=True)
        apart = f", their {_thing(found)} {'agree to' if pair.verdict == 'same' else 'part by'} {text}"
        where_ = f"proof.pairs[{place}].rungs[{at}].max_rel"
        printed = (Printed(text=text, evidence=one.id, places=(where_,)),)
    if pair.verdict != "different" or not pair.causes:
        return f"{names} are {relation}{apart}", printed
    count = str(len(pair.causes))
    causes = tuple(f"proof.pairs[{place}].causes[{at}].trap" for at in range(len(pair.causes)))
    counted = Printed(text=count, evidence=one.id, places=causes, how="count")
    text = f"{names} are {relation}{apart}, for {count} {'cause' if count == '1' else 'causes'} shown by experiment"
    return text, (*printed, counted)


def _furthest(pair: Pair) -> tuple[int, Rung] | None:
    """The rung furthest along in training that decides and has a distance, with its place."""
    found = {
        rung.name: (at, rung)
        for at, rung in enumerate(pair.rungs)
        if rung.dtype == pair.deciding and rung.max_rel is not None
    }
    return next((found[name] for name in _FURTHEST if name in found), None)


def _thing(rung: Rung) -> str:
    things = {"trajectory": "weights after training", "step": "weights after a step", "gradients": "gradients"}
    return things.get(rung.name, "starting weights" if rung.name == "initialisation" else "outputs")


def _costs_nothing(one: Seen, pair: Pair, both: tuple[Side, Side]) -> Iterator[Finding]:
    """That every cause was shown to be worth nothing in accuracy, or in test loss where there is none."""
    worths = [cause.effect.worth if cause.effect else () for cause in pair.causes]
    measures = ("accuracy", "loss")
    for measure in measures if worths else ():
        of = [next((one.verdict for one in found if one.measure == measure), None) for found in worths]
        if all(verdict == "equivalent" for verdict in of):
            yield Finding(
                asks="whether what separates them changes what is learned",
                answer="for",
                text=f"what separates them was shown to make no difference in {measure} {where(one)}",
                evidence=(one.id,),
                section="causes",
                rests_on=versions(*both),
            )
            return
