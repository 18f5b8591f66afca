"""Where in a side's file its parts stand: lines of layers, of the loss, of the optimizer."""

from __future__ import annotations

import ast
from pathlib import Path


class PartFinder:
    """Answers questions about a file's lines.

    Args:
        path: the file; it has been parsed before and is known to be Python.
    """

    def __init__(self, path: Path):
        self._tree = ast.parse(path.read_text(encoding="utf-8-sig"))

    def call_lines(self, line: int) -> tuple[int, int]:
        """First and last line of the smallest call that begins on a line; the line itself if none does."""
        calls = [node for node in ast.walk(self._tree) if isinstance(node, ast.Call) and node.lineno == line]
        spans = sorted((node.end_lineno or line) for node in calls)
        return (line, spans[0]) if spans else (line, line)

    def keyword(self, name: str) -> int | None:
        """The line of the last `name=…` argument of any call."""
        return max((node.value.lineno for node in self._keywords() if node.arg == name), default=None)

    def keyword_lines(self, name: str) -> tuple[int, int] | None:
        """First and last line of the last `name=…` argument of any call."""
        spans = [
            (node.value.lineno, node.value.end_lineno or node.value.lineno)
            for node in self._keywords()
            if node.arg == name
        ]
        return max(spans, default=None)

    def function_lines(self, name: str) -> tuple[int, int] | None:
        """First and last line of a function, decorators included."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
                return first, node.end_lineno or node.lineno
        return None

    def _keywords(self) -> list[ast.keyword]:
        return [node for node in ast.walk(self._tree) if isinstance(node, ast.keyword)]
