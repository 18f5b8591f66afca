"""What came of a check, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from paragone.errors import printable
from paragone.records.certificate import Checked

_SHOWN = 10
_VERDICTS = {
    "same": "the sides are the same",
    "different": "the sides are different",
    "undecided": "it is undecided whether the sides are the same",
    "not run": "fewer than two sides ran",
}


def lines(checked: Checked) -> list[str]:
    """The lines that the terminal shows."""
    return [printable(line) for line in _lines(checked)]


def _lines(checked: Checked) -> Iterator[str]:
    yield f"{checked.name}: the certificate {'holds' if checked.holds else 'does NOT hold'}"
    yield ""
    yield f"  files      {checked.files} have the bytes that were certified ({checked.bytes / 2**20:.1f} MiB in all)"
    yield f"  proof      {_proof(checked)}"
    if checked.again:
        yield f"  again      {checked.again}"
    for label, rows in (("wrong", checked.problems), ("versions", checked.versions)):
        yield from (f"  {label if not i else '':<10} {row}" for i, row in enumerate(_cut(rows)))
    if checked.not_covered:
        yield f"  besides    {checked.not_covered} other files in the folder, which nothing rests on and nobody checked"
    yield ""
    yield "What this does not show:"
    yield from (f"  - {row}" for row in checked.does_not_show)


def _proof(checked: Checked) -> str:
    said = f"{_VERDICTS[checked.verdict]}"
    why = f" ({checked.derived_why})" if checked.derived_why else ""
    again = "derived again from the kept experiments"
    return {
        "equal": f"{said}: {again}, and equal in every figure{why}",
        "equal but for rounding": f"{said}: {again}, and equal but for rounding{why}",
        "equal in what decides": f"{said}: {again}, with the same verdicts, causes and distances{why}",
        "different": f"{again} it says something else",
        "not derived": f"not derived again: {checked.derived_why}",
    }[checked.derived]


def _cut(rows: tuple[str, ...]) -> list[str]:
    return [*rows[:_SHOWN], *([f"and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else [])]
