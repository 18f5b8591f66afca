"""A file's source with its syntax: where calls, names and statements stand, character by character."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


class Source:
    """Source that is known to be Python.

    Args:
        text: with line feeds at the ends of lines.
    """

    def __init__(self, text: str):
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def offset(self, line: int, column: int) -> int:
        """The character at a line and a column in bytes of UTF-8, as `ast` counts them."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """Where a node begins and where it ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        """The text of a node."""
        first, last = self.span(node)
        return self.text[first:last]

    def line_of(self, offset: int) -> int:
        """The line that a character stands on."""
        return bisect_right(self._starts, offset)

    def line(self, number: int) -> str:
        """The text of a line."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def line_start(self, number: int) -> int:
        """The first character of a line."""
        return self._starts[min(number - 1, len(self._lines))]

    @cached_property
    def calls(self) -> list[ast.Call]:
        """All calls, in the order of the source."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        return sorted(found, key=self.span)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node that each node is a part of."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement of the module that a node is in."""
        while self.parents[node] is not self.tree:
            node = self.parents[node]
        assert isinstance(node, ast.stmt)
        return node

    def names(self) -> Iterator[tuple[str, ast.expr]]:
        """Every plain or dotted name that is read, the whole of it only: `nn.Linear`, and not its `nn`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                inside = isinstance(self.parents.get(node), ast.Attribute)
                if not inside and (text := dotted(node)):
                    yield text, node

    @cached_property
    def _code(self) -> list[tuple[int, int, str]]:
        """The tokens that are code: first and last character, and text."""
        found = []
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type not in _NO_CODE:
                (first, column), (last, end) = token.start, token.end
                found.append((self._at(first, column), self._at(last, end), token.string))
        return found

    def _at(self, line: int, character: int) -> int:
        """The character at a line and a column in characters, as `tokenize` counts them."""
        return self._starts[min(line - 1, len(self._lines))] + character

    def before(self, offset: int) -> tuple[int, int, str]:
        """The last token that is code and ends at or before a character."""
        return max((token for token in self._code if token[1] <= offset), key=lambda token: token[1])


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a plain or dotted name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""
