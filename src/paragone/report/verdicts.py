"""The verdicts in plain words: what the first screen of the page and the end of the terminal say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Literal

from paragone.records import Cause, Choice, Fix, Hunk, Pair, Proof, Run, Rung, Side
from paragone.report.arrival import told_arrivals, told_latencies, verdict_of
from paragone.report.figures import number, number_word
from paragone.report.growth import faster, grown
from paragone.report.phrases import Figure, Link, Phrase, capitalised, linked, listed
from paragone.report.samples import proof as sheets
from paragone.report.samples.choice import RANKING
from paragone.report.speed import alone, caveat, speed_lines

Tone = Literal["good", "bad", "unsure", "none"]

SYMBOLS = {"same": "✓", "different": "≠", "undecided": "?", "not run": "–"}
TONES: dict[str, Tone] = {"same": "good", "different": "bad", "undecided": "unsure", "not run": "none"}
TRAINED = ("outcome", "trajectory", "step", "gradients", "loss", "forward")


@dataclass(frozen=True)
class Answer:
    """A question of the reader, and the answer in a few lines.

    Args:
        question: as a person would ask it.
        verdict: the answer in one to three words.
        tone: what colour and symbol it gets.
        lines: the sentences behind it.
        section: where the evidence is.
        listed: a numbered list that comes before the sentences.
    """

    question: str
    verdict: str
    tone: Tone
    lines: tuple[Phrase, ...]
    section: str
    listed: tuple[Phrase, ...] = ()


def answers(run: Run) -> tuple[Answer, ...]:
    """The verdicts in the order in which a reader asks, without what was not asked, as where only the speed was."""
    if timed_alone(run):
        return (*_speeds(run), *(() if len(run.sides) == 1 else (_same(run),)))
    if deployed_alone(run):
        return (_arrives(run),)
    why = _reasons(run.proof) if run.proof else ()
    corrected = (_corrected(run.proof),) if run.proof and run.proof.corrected else ()
    proof_alone = run.proof is not None and run.timings is None and run.choice is None
    arrives = (_arrives(run),) if run.artifacts else ()
    speed, choice = ((), ()) if proof_alone else ((_speed(run),), (_choice(run),))
    return (_same(run), *why, *corrected, *speed, *arrives, *choice)


def _speeds(run: Run) -> tuple[Answer, ...]:
    """How fast, at one size or at all that were swept."""
    if run.sweep is None:
        return (_speed(run),)
    found = [Answer("How does the cost grow?", *grown(run.sweep), section="growth")]
    if len(run.sides) > 1:
        verdict, lines = faster(run.sweep)
        found.insert(0, Answer("Which is faster?", verdict, "none", (*lines, (caveat(run),)), "growth"))
    return tuple(found)


def timed_alone(run: Run) -> bool:
    """Whether only the speed was asked for."""
    timed = run.timings is not None or run.sweep is not None
    return timed and run.proof is None and run.choice is None


def deployed_alone(run: Run) -> bool:
    """Whether only what arrives in runtimes was asked for."""
    measured = (run.proof, run.timings, run.sweep, run.choice)
    return bool(run.artifacts) and all(one is None for one in measured)


def _arrives(run: Run) -> Answer:
    """What became of the sides in the runtimes; of a deployment alone with latencies, and the sides that failed."""
    failures = tuple(_failures(run)) if deployed_alone(run) else ()
    more = (*told_latencies(run), *failures) if deployed_alone(run) else ()
    verdicts = {one.verdict for one in run.artifacts}
    bad = bool(failures or verdicts & {"different", "failed"})
    tone: Tone = "bad" if bad else "good" if verdicts <= {"same", "quantised"} else "unsure"
    return Answer("What arrives?", verdict_of(run), tone, (*told_arrivals(run), *more), "deployment")


def _reasons(proof: Proof) -> tuple[Answer, ...]:
    """Why not; nothing where nothing was compared."""
    if proof.verdict == "not run":
        return ()
    return _waiting(proof) if proof.verdict == "same" else (_why(proof),)


def failed_sides(run: Run) -> tuple[Side, ...]:
    """The sides that did not run."""
    return tuple(side for side in run.sides if side.status == "failed")


def without_proof(run: Run) -> str:
    """Why a record holds no proof."""
    running = len(run.sides) - len(failed_sides(run))
    if running < 2:
        return f"It takes two sides, and {number_word(running)} ran."
    return "The proof was not run, so nothing is known."


def _same(run: Run) -> Answer:
    question = "Are they the same task?"
    if run.proof is None:
        place = "sides" if timed_alone(run) else "ladder"
        return Answer(question, "Not shown", "none", ((without_proof(run),), *_failures(run)), place)
    proof = run.proof
    say = {"same": "Yes", "different": "No", "undecided": "Undecided", "not run": "Not shown"}
    lines = (_same_line(proof), *_failures(run))
    return Answer(question, say[proof.verdict], TONES[proof.verdict], lines, "ladder")


def _failures(run: Run) -> Iterable[Phrase]:
    for side in failed_sides(run):
        why = side.why.removeprefix(f"{side.name}: ").removesuffix(".") or "it gave no reason"
        log = f" Its log: {side.log}." if side.log else ""
        yield (f"{side.name} failed: {why}.{log}",)


def _same_line(proof: Proof) -> Phrase:
    names = listed(_names(proof.pairs))
    if not proof.pairs:
        return ("Nothing was compared.",)
    if proof.verdict == "same":
        return (f"{names} are the same task: ", *_agreement(proof, proof.pairs), ".")
    groups = {verdict: [pair for pair in proof.pairs if pair.verdict == verdict] for verdict in SYMBOLS}
    if len(groups[proof.verdict]) == len(proof.pairs):
        if proof.verdict == "undecided" and any(pair.deciding == "float64" for pair in proof.pairs):
            return (f"Whether {names} are the same task could not be decided.",)
        return (_all_alike(proof.verdict, names, len(proof.pairs)),)
    told = (f"{_pairs(pairs)} {_is(verdict, len(pairs))}" for verdict, pairs in groups.items() if pairs)
    return (f"As written, {'; '.join(told)}.",)


def _all_alike(verdict: str, names: str, pairs: int) -> str:
    if verdict == "different":
        extra = f": each of the {number_word(pairs)} pairs differs" if pairs > 2 else ""
        return f"As written, {names} are not the same task{extra}."
    if verdict == "undecided":
        return f"{names} lie between rounding and a real difference, and could not be run in float64."
    return f"{names} could not be compared."


def _is(verdict: str, pairs: int) -> str:
    words = {
        "same": "the same task",
        "different": "not the same task",
        "undecided": "undecided",
        "not run": "not compared",
    }
    return f"{'is' if pairs == 1 else 'are'} {words[verdict]}"


def _pairs(pairs: Sequence[Pair]) -> str:
    return listed([f"{pair.a} with {pair.b}" for pair in pairs])


def _names(pairs: Sequence[Pair]) -> list[str]:
    return list(dict.fromkeys(name for pair in pairs for name in (pair.a, pair.b)))


def last_rung(pair: Pair) -> Rung | None:
    """The deciding rung furthest along in training that has a distance."""
    found = {rung.name: rung for rung in pair.rungs if rung.dtype == pair.deciding and rung.max_rel is not None}
    return next((found[name] for name in ("trajectory", *TRAINED) if name in found), None)


def _agreement(proof: Proof, pairs: Sequence[Pair]) -> Phrase:
    """`they agree to 3.1 × 10⁻¹³ over 500 steps in float64`, of the worst pair."""
    found = [(rung.max_rel, rung, pair) for pair in pairs if (rung := last_rung(pair)) and rung.max_rel is not None]
    if not found:
        return ("no distance was measured",)
    distance, rung, pair = max(found, key=lambda one: one[0])
    state = sheets.WRITTEN if pair in proof.pairs else sheets.CORRECTED
    sheet = sheets.rung_key(pair, rung.name, state)
    where = f" over {proof.steps:,} steps" if rung.name in ("trajectory", "outcome") else f" at the rung “{rung.name}”"
    if not math.isfinite(distance):
        return (f"their {_thing(rung.name)} part ", Figure("without bounds", sheet), f"{where} in {rung.dtype}")
    return (f"their {_thing(rung.name)} agree to ", Figure(number(distance), sheet), f"{where} in {rung.dtype}")


def _thing(rung: str) -> str:
    return {"trajectory": "weights", "outcome": "outcomes", "step": "weights", "gradients": "gradients"}.get(
        rung, "outputs"
    )


def _why(proof: Proof) -> Answer:
    causes = grouped_causes(proof)
    left: tuple[Phrase, ...] = tuple(map(_unexplained, (pair for pair in proof.pairs if pair.unexplained)))
    if not causes:
        return Answer("Why not?", "Unexplained", "unsure", left or (("No cause was found by experiment.",),), "causes")
    verdict = f"{capitalised(number_word(len(causes)))} cause{'s' * (len(causes) != 1)}"
    return Answer("Why not?", verdict, "none", left, "causes", tuple(starmap(cause_line, enumerate(causes, start=1))))


def _waiting(proof: Proof) -> tuple[Answer, ...]:
    """Of sides that are the same: what would part them if the learning rate changed."""
    causes = grouped_causes(proof)
    if not causes:
        return ()
    line = "They train alike, because no learning rate changes; as soon as one does, they part."
    listed_ = tuple(starmap(cause_line, enumerate(causes, start=1)))
    return (Answer("What would part them?", "A change of the learning rate", "unsure", ((line,),), "causes", listed_),)


def _unexplained(pair: Pair) -> Phrase:
    """What is left, and where it is seen first."""
    place = pair.left or pair.located
    first = f". First difference: {place.text}" if place is not None and place.text else ""
    return (f"{pair.a} with {pair.b}: {pair.unexplained}{first}",)


@dataclass(frozen=True)
class CauseGroup:
    """One cause, with every pair in which it was shown."""

    trap: str
    found: tuple[tuple[Pair, Cause], ...]

    @property
    def first(self) -> Cause:
        """The cause as the first pair has it."""
        return self.found[0][1]

    def fixes(self) -> tuple[Fix, ...]:
        """What to change, each once: a trap may need several changes in one side, and pairs share their sides."""
        return tuple(dict.fromkeys(cause.fix for _, cause in self.found if cause.fix))

    def values(self) -> dict[str, list[str]]:
        """What it is in each side, as the first pair with that side says: value to sides."""
        by_side: dict[str, str] = {}
        for pair, cause in self.found:
            by_side.setdefault(pair.a, cause.a)
            by_side.setdefault(pair.b, cause.b)
        by_value: dict[str, list[str]] = {}
        for side, value in by_side.items():
            by_value.setdefault(value, []).append(side)
        return by_value


def hunks_of(fix: Fix) -> tuple[Hunk, ...]:
    """The lines of a fix, where they stand together; those of a fix that has no exact edit as one."""
    return fix.hunks or (Hunk(line=fix.line or 0, text=fix.text, replacement=fix.replacement),)


def grouped_causes(proof: Proof) -> tuple[CauseGroup, ...]:
    """The causes of all pairs, each once, in the order of the ladder in which they were found."""
    groups: dict[str, list[tuple[Pair, Cause]]] = {}
    for pair in proof.pairs:
        for cause in pair.causes:
            groups.setdefault(cause.trap, []).append((pair, cause))
    return tuple(CauseGroup(trap, tuple(found)) for trap, found in groups.items())


def cause_line(number_: int, group: CauseGroup) -> Phrase:
    """One line: what it is, and what it is in each side."""
    told = [f"{value} in {listed(sides)}" for value, sides in group.values().items() if value]
    sheet = sheets.cause_key(group.trap)
    title = Link(capitalised(group.first.title), f"cause-{number_}")
    return (title, ": ", *linked("; ".join(told), sheet), ".") if told else (title, ".")


def _corrected(proof: Proof) -> Answer:
    question = "And with the causes removed?"
    verdicts = {pair.verdict for pair in proof.corrected}
    agreement = _agreement(proof, proof.corrected)
    if verdicts == {"same"}:
        return Answer(question, "The same", "good", ((*_capital(agreement), "."),), "ladder")
    left = [pair for pair in proof.corrected if pair.verdict != "same"]
    lines: list[Phrase] = [
        (f"{_pairs(left)} {'still differs' if len(left) == 1 else 'still differ'}: ", *agreement, ".")
    ]
    lines += [(pair.unexplained,) for pair in left if pair.unexplained]
    tone: Tone = "bad" if "different" in verdicts else "unsure"
    return Answer(question, "Not yet the same" if tone == "bad" else "Undecided", tone, tuple(lines), "ladder")


def _capital(phrase: Phrase) -> Phrase:
    first, *rest = phrase
    return (capitalised(str(first)) if isinstance(first, str) else first, *rest)


def _speed(run: Run) -> Answer:
    if len(run.sides) == 1 and run.timings is not None:
        return Answer("How long does a step take?", *alone(run.timings), section="timing")
    verdict, lines = speed_lines(run)
    tone: Tone = "unsure" if verdict == "Withheld" else "none"
    return Answer("Which is faster?", verdict, tone, lines, "timing")


def _choice(run: Run) -> Answer:
    question = "Which to choose?"
    choice = run.choice
    if choice is None:
        return Answer(question, "Not weighed", "none", (("The choice was not run.",),), "choice")
    lines = [linked(reason, RANKING) for reason in choice.because[:1]]
    described = f": {choice.description.rstrip('.')}" if choice.description else ""
    lines.append((f"For the profile “{choice.profile}”{described}.",))
    tone: Tone = "good" if choice.verdict == "winner" else "unsure"
    return Answer(question, chosen(choice), tone, tuple(lines), "choice")


def chosen(choice: Choice) -> str:
    """The winner, or those that the evidence cannot tell apart; or that there is none."""
    names = choice.winners or ((choice.winner,) if choice.winner else ())
    return " or ".join(names) if choice.verdict == "winner" and names else capitalised(choice.verdict)
