"""The text of a written side: its template, and its comments."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from typing import TYPE_CHECKING

from paragone.sides.write.formatting import LINE_LENGTH
from paragone.spelling.spelled import Helper

if TYPE_CHECKING:
    from jinja2 import Template

_DOCSTRING = re.compile(r'( *)"""(.+?)("""|$)')
MARK = "\0"
"""Stands before a comment's text at the end of a line, and is cut before the file is formatted; in no name or title."""


def helper_text(helper: Helper) -> str:
    """A helper under the comment that says why it is there."""
    reason = comment(f"{helper.note.row}: {helper.note.reason}.", LINE_LENGTH)
    return f"{reason}\n{short_docstrings(textwrap.dedent(helper.source).strip())}"


def short_docstrings(source: str) -> str:
    """The same with docstrings whose first line is short enough."""
    return "\n".join(map(_short, source.splitlines()))


def _short(line: str) -> str:
    """A docstring's first line, on several where it is too long; Ruff leaves them alone."""
    found = _DOCSTRING.fullmatch(line)
    if found is None or len(line) <= LINE_LENGTH:
        return line
    indent, words, closed = found.groups()
    first, *rest = textwrap.wrap(words, LINE_LENGTH - len(indent) - 6)
    end = [f'{indent}"""'] if closed else []
    return "\n".join([f'{indent}"""{first}', *(indent + one for one in rest), *end])


def comment(text: str, width: int = LINE_LENGTH - 8) -> str:
    """A comment, wrapped."""
    return textwrap.fill(text, width, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def with_comments(text: str) -> str:
    """Comments at the end of lines take their place; they stand only where they leave the line short enough."""
    lines = []
    for line in text.splitlines():
        code, *marked = line.split(MARK)
        words = "; ".join(one.strip() for one in marked)
        if not marked:
            lines.append(line)
        elif len(code.rstrip()) + len(words) + 4 <= LINE_LENGTH:
            lines.append(f"{code.rstrip()}  # {words}")
        else:
            indent = code[: len(code) - len(code.lstrip())]
            lines += [f"{indent}# {words}", code.rstrip()]
    return "\n".join(lines) + "\n"


@cache
def compiled(template: str) -> Template:
    """The text of a recipe, ready to be filled in; each is compiled once."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.filters["indented"] = lambda lines, n=4: "\n".join(textwrap.indent(line, " " * n) for line in lines)
    return environment.from_string(template)
