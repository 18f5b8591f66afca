"""The fix of one cause, and the patch of all: a unified diff of the sides' files."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paragone.fixes.changes import change_of
from paragone.fixes.draft import Draft, UnfixableError
from paragone.fixes.side import SideCode
from paragone.fixes.source import Source
from paragone.fixes.start import StartTensor, change_start
from paragone.prove.subject import Subject
from paragone.records import Fix, Hunk, Patch

_FIRST = ("weight-decay-form", "adam-epsilon-place")
"""Traps whose change replaces the class, which others then see."""


@dataclass(frozen=True)
class Change:
    """One change that takes a cause out of a side.

    Args:
        side: name of the side.
        trap: slug of the trap.
        where: the trait's place; empty for a start.
        name: the trait's name.
        value: what it is to be.
        tensors: for a start, what is to be drawn how.
        line: where the side is told to be different, if that is known.
        hint: what to write, where there is no exact edit.
    """

    side: str
    trap: str
    where: str = ""
    name: str = ""
    value: Any = None
    tensors: tuple[StartTensor, ...] = ()
    line: int | None = None
    hint: str = field(default="", compare=False)


def fix_of(subject: Subject, changes: Sequence[Change], others: Iterable[Change] = ()) -> Fix:
    """The lines to change for one cause alone.

    Args:
        subject: the side.
        changes: what is to be changed, one for each place where the cause is.
        others: what else is to be changed in the same way, as the same trait of other layers.
    """
    change = changes[0]
    alike = [one for one in others if (one.side, one.trap, one.name) == (change.side, change.trap, change.name)]
    source = _source(subject)
    if source is None:
        return _unfixed(subject, change, "its file is no Python")
    try:
        draft = _drafted(source, [subject], changes, _wanted([*alike, *changes]))
        hunks = _hunks(source.text, draft.result(with_additions=False))
        if not hunks:
            raise UnfixableError("the call says so already, and something else has the last word")
    except UnfixableError as error:
        return _unfixed(subject, change, str(error))
    return Fix(
        side=subject.name,
        file=subject.file.shown,
        line=hunks[0].line if hunks else change.line,
        text=_together(hunk.text for hunk in hunks),
        replacement=_together(hunk.replacement for hunk in hunks),
        adds=draft.added(),
        note="; ".join(draft.all_notes()),
        exact=True,
        hunks=hunks,
    )


def _unfixed(subject: Subject, change: Change, why: str) -> Fix:
    lines = subject.file.code.splitlines()
    return Fix(
        side=subject.name,
        file=subject.file.shown,
        line=change.line,
        text=lines[change.line - 1].strip() if change.line and change.line <= len(lines) else "",
        replacement=change.hint,
        note=f"no exact edit: {why}",
    )


def patch_of(subjects: Sequence[Subject], changes: Sequence[Change]) -> Patch | None:
    """All changes as one unified diff, those that cannot be made by name; None where there is nothing to change."""
    files: dict[Path, list[Subject]] = {}
    for subject in subjects:
        files.setdefault(subject.file.path, []).append(subject)
    shown: dict[str, Path] = {}
    diffs, names, fixed, left = [], [], [], []
    for path, sides in files.items():
        own = sorted(
            (one for one in changes if one.side in {side.name for side in sides}),
            key=lambda one: _FIRST.index(one.trap) if one.trap in _FIRST else len(_FIRST),
        )
        if not own:
            continue
        name = sides[0].file.shown
        if shown.setdefault(name, path) != path:
            left += [_named(one, f"two files are called {name}") for one in own]
            continue
        diff, done, refused = _file(path, sides, own)
        fixed += [f"{one.trap} in {one.side}" for one in done]
        left += [_named(one, why) for one, why in refused]
        if diff:
            diffs.append(diff)
            names.append(name)
    if not fixed and not left:
        return None
    return Patch(
        diff="".join(diffs),
        files=tuple(names),
        fixed=tuple(dict.fromkeys(fixed)),
        left=tuple(dict.fromkeys(left)),
    )


def _named(change: Change, why: str) -> str:
    return f"{change.trap} in {change.side}: {why}"


def _file(
    path: Path, sides: Sequence[Subject], changes: Sequence[Change]
) -> tuple[str, list[Change], list[tuple[Change, str]]]:
    """The diff of one file with as many of the changes as go together."""
    source = _source(sides[0])
    if source is None:
        return "", [], [(one, "its file is no Python") for one in changes]
    done: list[Change] = []
    refused: list[tuple[Change, str]] = []
    text = source.text
    for one in changes:
        try:
            text = _drafted(source, sides, [*done, one], _wanted(changes)).result()
            done.append(one)
        except UnfixableError as error:
            refused.append((one, str(error)))
    return _diff(path, sides[0].file.shown, source.text, text), done, refused


def _wanted(changes: Iterable[Change]) -> dict[str, dict[tuple[str, str], Any]]:
    """The values of traits that are to be changed, by side."""
    found: dict[str, dict[tuple[str, str], Any]] = {}
    for one in changes:
        if one.where:
            found.setdefault(one.side, {})[one.where, one.name] = one.value
    return found


def _drafted(
    source: Source,
    sides: Sequence[Subject],
    changes: Sequence[Change],
    wanted: Mapping[str, Mapping[tuple[str, str], Any]],
) -> Draft:
    names = {text: home for side in sides for text, home in SideCode.homes(side).items()}
    draft = Draft(source, names)
    codes = {side.name: SideCode(side, wanted.get(side.name, {}), draft) for side in sides}
    for one in changes:
        if one.tensors:
            change_start(codes[one.side], one.tensors)
        else:
            change_of(one.trap)(codes[one.side], one.where, one.name, one.value)
    return draft


def _source(subject: Subject) -> Source | None:
    try:
        return Source(subject.file.code)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _hunks(before: str, after: str) -> tuple[Hunk, ...]:
    """The lines that go and those that come, where they stand together: each with the first line that changes."""
    old, new = before.split("\n"), after.split("\n")
    found = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(
        Hunk(
            line=a + 1,
            text=textwrap.dedent("\n".join(old[a:b])),
            replacement=textwrap.dedent("\n".join(new[c:d])),
        )
        for tag, a, b, c, d in found
        if tag != "equal"
    )


def _together(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


def _diff(path: Path, name: str, before: str, after: str) -> str:
    """A unified diff that `patch -p1` applies to the file as it is on disk, with its own ends of lines."""
    try:
        raw = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raw = before
    new = f"{raw[:1]}{after}" if raw.startswith("\ufeff") else after
    if "\r\n" in raw:
        new = new.replace("\n", "\r\n")
    rows = difflib.unified_diff(_lines(raw), _lines(new), f"a/{name}", f"b/{name}")
    return "".join(_ended(rows))


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, as for `patch`."""
    pieces = text.split("\n")
    return [f"{piece}\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _ended(rows: Iterable[str]) -> Iterator[str]:
    for row in rows:
        yield row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n"
