"""What an edit changes: lines and tokens that go or come, by difflib on the stream of tokens without comments."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence
from difflib import SequenceMatcher

from benchmarks.learning.change import Swap

LAYOUT = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


def edited(code: str, swaps: Sequence[Swap], where: str) -> str:
    """The text with each piece put in place of another.

    Raises:
        ValueError: a piece does not stand there exactly once: the side is written otherwise than it was.
    """
    for swap in swaps:
        if code.count(swap.old) != 1:
            raise ValueError(f"{where}: stands {code.count(swap.old)} times in the side, expected once: {swap.old!r}")
        code = code.replace(swap.old, swap.new)
    return code


def code_lines(code: str) -> list[str]:
    """The lines that hold a token, without comments and docstrings, as they are indented."""
    strings = _docstrings(code)
    rows: dict[int, list[str]] = {}
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type not in LAYOUT and token.start[0] not in strings:
            rows.setdefault(token.start[0], [" " * token.start[1]]).append(token.string)
    return [" ".join(row) for _, row in sorted(rows.items())]


def _docstrings(code: str) -> set[int]:
    """Lines on which strings stand alone."""
    alone = (one for one in ast.walk(ast.parse(code)) if isinstance(one, ast.Expr) and _is_text(one.value))
    return {line for one in alone for line in range(one.lineno, (one.end_lineno or one.lineno) + 1)}


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def code_tokens(code: str) -> list[str]:
    """The tokens of these lines."""
    strings = _docstrings(code)
    found = tokenize.generate_tokens(io.StringIO(code).readline)
    return [one.string for one in found if one.type not in LAYOUT and one.start[0] not in strings]


def n_changed(before: Sequence[str], after: Sequence[str]) -> int:
    """How many go or come."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return sum((b - a) + (d - c) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")


def changed_lines(before: str, after: str) -> set[int]:
    """Lines of the text after that are not as before; where lines only went, the one that stands in their place."""
    old, new = before.splitlines(), after.splitlines()
    found: set[int] = set()
    for tag, _, _, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found |= set(range(start + 1, max(stop, start + 1) + 1))
    return found
