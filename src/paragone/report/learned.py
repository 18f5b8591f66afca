"""What there is to learn, as rows of tables: the record of `make learning` for people."""

from __future__ import annotations

from statistics import median

from paragone.frameworks.registry import frameworks
from paragone.records.learning import Learning, Told

Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""The head of a table, and its rows."""


def titles(record: Learning) -> tuple[str, ...]:
    """The frameworks, in the order in which all sides of the record are."""
    return tuple(frameworks()[side.framework].title for side in record.tasks[0].sides)


def concepts(record: Learning) -> Rows:
    """What each task of the course asks of a beginner."""
    rows = [
        (
            f"`{one.task}`",
            *(f"{side.n_concepts}, {side.n_new} new" for side in one.sides),
            *(f"{side.n_lines}, {side.n_tokens:,}" for side in one.sides),
        )
        for one in record.tasks
    ]
    last = record.tasks[-1].sides
    rows.append(("**all**", *(f"**{side.n_so_far}**" for side in last), *[""] * len(last)))
    names = titles(record)
    return ("task", *(f"concepts: {one}" for one in names), *(f"lines, tokens: {one}" for one in names)), rows


def edits(record: Learning) -> Rows:
    """What each change of requirement costs."""
    rows = [
        (one.title, *(f"{side.n_lines}, {side.n_tokens}{_shown(side.source)}" for side in one.sides))
        for one in record.edits
    ]
    columns = zip(*(one.sides for one in record.edits), strict=True)
    sums = [(sum(one.n_lines for one in sides), sum(one.n_tokens for one in sides)) for sides in columns]
    rows.append(("**all**", *(f"**{n_lines}, {n_tokens}**" for n_lines, n_tokens in sums)))
    return ("change", *(f"lines, tokens: {one}" for one in titles(record))), rows


def _shown(source: str) -> str:
    return f" ([as here]({source}))" if source else ""


def mistakes(record: Learning) -> Rows:
    """What each framework says of each mistake."""
    rows = [(one.title, *map(_said, one.sides), one.study) for one in record.mistakes]
    return ("mistake", *titles(record), "where it was counted"), rows


def _said(told: Told) -> str:
    if told.outcome != "error":
        return f"{told.outcome}: {told.why}" if told.why else told.outcome
    marks = (("line", told.shows_line), ("quantities", told.names_quantities))
    said = "".join(f", {word}" for word, so in marks if so)
    return f"{told.error}: {told.n_lines} lines, {told.n_frames} frames{said}"


def mistakes_told(record: Learning) -> Rows:
    """How many mistakes each framework tells of, and how."""
    heads = ("can be made", "error", "warning only", "nothing", "line shown", "quantities named", "lines", "frames")
    rows = [(name, *_counted([one.sides[at] for one in record.mistakes])) for at, name in enumerate(titles(record))]
    return ("", *heads), rows


def _counted(told: list[Told]) -> tuple[str, ...]:
    errors = [one for one in told if one.outcome == "error"]
    counts = (
        sum(one.outcome != "cannot be made" for one in told),
        len(errors),
        sum(one.outcome == "warning" for one in told),
        sum(one.outcome == "nothing" for one in told),
        sum(one.shows_line for one in errors),
        sum(one.names_quantities for one in errors),
    )
    medians = (median(one.n_lines for one in errors), median(one.n_frames for one in errors)) if errors else ()
    return (*map(str, counts), *(f"{one:g}" for one in medians))


def counted_on(record: Learning) -> Rows:
    """When and with what it was counted."""
    machine = record.machine
    versions = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    return ("day", "machine", "Python", "versions"), [(record.created[:10], machine.cpu, machine.python, versions)]
