"""The decision record: a choice as Markdown in the form of MADR 4.0.0, made from its record alone, byte for byte.

The form is https://github.com/adr/madr/blob/4.0.0/template/adr-template.md. A date is one of the record, never today.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from paragone.choose.wording import either, figure, often, spread
from paragone.records import Choice, Criterion, CriterionValue

OPEN = "to be named by whoever signs"
_STEERS = re.compile(r"([\\`*\[\]<>|])")
_LINES = re.compile(r"[\s\x00-\x1f\x7f]+")


def decision_record(choice: Choice) -> str:
    """The decision record of a choice."""
    parts = [
        _front_matter(choice),
        f"# {_title(choice)}",
        *_section("Context and Problem Statement", _context(choice)),
        *_section("Decision Drivers", _drivers(choice)),
        *_section("Considered Options", _bullets(_option_line(choice, name) for name in _names(choice))),
        *_section("Decision Outcome", _outcome(choice)),
        *_section("Consequences", _bullets(_consequences(choice)), "###"),
        *_section("Confirmation", _confirmation(choice), "###"),
        *_section("Pros and Cons of the Options", _pros_and_cons(choice)),
        *_section("More Information", _more(choice)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """A text that is no Markdown and no HTML, in one line: names come from files that nobody vouches for."""
    return _STEERS.sub(r"\\\1", _LINES.sub(" ", text).strip())


def _said(text: str) -> str:
    """One of our sentences, in which backticks are meant."""
    return _LINES.sub(" ", text).strip().replace("<", "&lt;").replace("|", "\\|").replace("[", "\\[")


def _section(title: str, body: str, mark: str = "##") -> tuple[str, ...]:
    return (f"{mark} {title}", body) if body else ()


def _bullets(lines: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _table(columns: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return (
        "\n".join([f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |", *lines]) if lines else ""
    )


def _front_matter(choice: Choice) -> str:
    makers = json.dumps(", ".join(choice.signed_by) or OPEN, ensure_ascii=False)
    status = "accepted" if choice.signed_by and choice.verdict == "winner" else "proposed"
    return f'---\nstatus: "{status}"\ndate: {choice.made or "unknown"}\ndecision-makers: {makers}\n---'


def _names(choice: Choice) -> list[str]:
    return [option.name for option in choice.options]


def _named(choice: Choice, name: str) -> str:
    """An option's title, with its name where that is another."""
    title = next((option.title for option in choice.options if option.name == name), name)
    return plain(title) if title == name else f"{plain(title)} ({plain(name)})"


def _chosen(choice: Choice) -> str:
    return either(_named(choice, name) for name in choice.winners)


def _title(choice: Choice) -> str:
    purpose = f"for “{plain(choice.profile)}”"
    if choice.verdict == "winner":
        return f"Use {_chosen(choice)} {purpose}"
    return f"{choice.verdict.capitalize()} {purpose}"


def _context(choice: Choice) -> str:
    question = f"Which of {len(choice.options)} options suits this need?\n\n> {_said(choice.description)}"
    runs = len(choice.sources)
    dates = sorted({source.made for source in choice.sources if source.made})
    between = f" of {dates[0]}" if len(dates) == 1 else f" of {dates[0]} to {dates[-1]}" if dates else ""
    rests = f"The answer rests on {runs} {'source' if runs == 1 else 'sources'}{between}, listed at the end."
    return f"{question}\n\n{rests}"


def _drivers(choice: Choice) -> str:
    texts = dict.fromkeys(constraint.text for constraint in choice.constraints)
    hard = [f"Required: {_said(text)}" for text in texts]
    weighed = [f"Weighed {often(one.weight)}: {_said(one.label.lower())}" for one in choice.criteria]
    return _bullets([*hard, *weighed, _weights(choice)])


def _weights(choice: Choice) -> str:
    weighing = choice.weighing
    if weighing.kind == "weights":
        return f"The weights are numbers that were said, drawn with a concentration of {weighing.concentration:g}"
    if weighing.kind == "order":
        orders = "; ".join(plain(text).replace("\\>", "&gt;") for text in weighing.order)
        return f"Of the weights only an order was said, and all that keep it are equally likely: {orders}"
    return "Nothing was said of the weights, and all are equally likely"


def _option_line(choice: Choice, name: str) -> str:
    option = next(one for one in choice.options if one.name == name)
    versions = f", {option.framework} {either(option.versions)}" if option.versions else ""
    state = {"compared": "", "out": ": out", "no evidence": ": no evidence, and nothing is guessed"}[option.status]
    return f"{_named(choice, name)}{plain(versions)}{state}"


def _outcome(choice: Choice) -> str:
    reason = _said(choice.because[0]) if choice.because else ""
    reason = reason[:1].lower() + reason[1:] if reason.startswith(("Only ", "The ", "No ", "There ")) else reason
    if choice.verdict != "winner":
        return f"Chosen option: none ({choice.verdict}), because {reason}\n\n{_bullets(map(_said, choice.because[1:]))}"
    more = _bullets(map(_said, choice.because[1:]))
    return f"Chosen option: “{_chosen(choice)}”, because {reason}" + (f"\n\n{more}" if more else "")


def _consequences(choice: Choice) -> Iterator[str]:
    """What the choice brings and costs, criterion by criterion, against every other option that was compared."""
    if not choice.winners:
        yield "Neutral, because nothing is decided: what would decide it stands below"
        return
    others = [one.side for one in choice.ranking if one.side not in choice.winners]
    for winner in choice.winners:
        for other in others:
            yield from _differences(choice, winner, other)
    if not others:
        yield "Neutral, because no other option was left to compare with"


def _differences(choice: Choice, name: str, other: str) -> Iterator[str]:
    for criterion in choice.criteria:
        lead = _lead(choice, criterion.id, name, other)
        mine, theirs = _value(criterion, name), _value(criterion, other)
        if not lead or mine is None or theirs is None:
            continue
        yield (
            f"{'Good' if lead > 0 else 'Bad'}, because {_said(criterion.label.lower())} of {plain(name)} is "
            f"{_figure(criterion, mine)}, against {_figure(criterion, theirs)} of {plain(other)}{_from(mine, theirs)}"
        )


def _lead(choice: Choice, criterion: str, name: str, other: str) -> float:
    """By how much utility one option leads another; 0 where they are not told apart, or one is unknown."""
    for duel in choice.duels:
        if {duel.a, duel.b} == {name, other}:
            gap = next(gap for gap in duel.gaps if gap.criterion == criterion)
            return (gap.low if duel.a == name else -gap.high) if gap.state == "apart" else 0.0
    return 0.0


def _value(criterion: Criterion, name: str) -> CriterionValue | None:
    return next((one for one in criterion.values if one.side == name), None)


def _figure(criterion: Criterion, value: CriterionValue) -> str:
    return spread(value.value, criterion.unit)


def _from(*values: CriterionValue) -> str:
    runs = dict.fromkeys(run for value in values for run in value.source.split(", ") if run)
    return f" ({', '.join(map(plain, runs))})" if runs else ""


def _confirmation(choice: Choice) -> str:
    return (
        "This text is made from the record beside it and from nothing else: "
        "`paragone choose --from RECORD.json --out DECISION.md` makes the same bytes again. "
        f"The draws ({choice.draws:,}, seed {choice.seed}) are the same with every repetition. "
        "Whether the choice still holds is confirmed by new runs: `paragone choose RUN --profile …` says so."
    )


def _pros_and_cons(choice: Choice) -> str:
    return "\n\n".join(f"### {_named(choice, name)}\n\n{_bullets(_about(choice, name))}" for name in _names(choice))


def _about(choice: Choice, name: str) -> Iterator[str]:
    for one in choice.constraints:
        if one.side == name:
            source = f" ({plain(one.source)})" if one.source else ""
            found = f"{_said(one.text)}: {_said(one.evidence)}{source}"
            yield f"{'Good' if one.met else 'Bad'}, because of what is required: {'✓' if one.met else '✗'} {found}"
    for criterion in choice.criteria:
        value = _value(criterion, name)
        if value is None:
            continue
        yield (
            f"Neutral, because {_said(criterion.label.lower())} is {_figure(criterion, value)}, "
            f"worth {value.utility.mid:.3f} of 1{_from(value)}"
        )
    place = next((one for one in choice.ranking if one.side == name), None)
    if place is not None:
        yield (
            f"Neutral, because its score is {place.score.mid:.3f} ({place.score.low:.3f} to {place.score.high:.3f}), "
            f"and it is first in {often(place.p_best)} of the draws"
        )


def _more(choice: Choice) -> str:
    changes = [_said(text) for text in (*choice.flips, *choice.best_case)]
    scales = (
        f"{one.id}: {figure(one.worst, one.unit)} is worth 0, {figure(one.best, one.unit)} is worth 1; "
        f"{_said(one.evidence)}"
        for one in choice.criteria
    )
    sources = (
        (plain(one.id), plain(one.what), plain(one.made) or "unknown", plain(one.look_again)) for one in choice.sources
    )
    parts = (
        *_section("What would change it", _bullets(changes), "###"),
        *_section("What was not weighed", _bullets([_said(text) for text in choice.not_weighed]), "###"),
        *_section("Scales", _bullets(scales), "###"),
        *_section("Evidence, and when to look again", _table(("source", "what", "made", "look again"), sources), "###"),
    )
    return "\n\n".join(parts)
