"""The comments of a written side."""

from __future__ import annotations

import textwrap

from paragone.sides.write.formatting import LINE_LENGTH
from paragone.spelling.spelled import Helper

MARK = "#!"
"""Stands before a comment's text at the end of a line, and is cut before the file is formatted."""


def helper_text(helper: Helper) -> str:
    """A helper under the comment that says why it is there."""
    reason = comment(f"{helper.note.row}: {helper.note.reason}.", LINE_LENGTH)
    return f"{reason}\n{textwrap.dedent(helper.source).strip()}"


def comment(text: str, width: int = LINE_LENGTH - 8) -> str:
    """A comment, wrapped."""
    return textwrap.fill(text, width, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def with_comments(text: str) -> str:
    """Comments at the end of lines take their place; they stand only where they leave the line short enough."""
    lines = []
    for line in text.splitlines():
        code, mark, words = line.partition(MARK)
        if not mark:
            lines.append(line)
        elif len(code.rstrip()) + len(words) + 3 <= LINE_LENGTH:
            lines.append(f"{code.rstrip()}  #{words}")
        else:
            indent = code[: len(code) - len(code.lstrip())]
            lines += [f"{indent}#{words}", code.rstrip()]
    return "\n".join(lines) + "\n"
