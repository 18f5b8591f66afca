"""Edits of a written side: each takes the text and the layer that is meant, and gives the new text, or None.

None says that the side has no such place, so that the host cannot carry the trap in this framework.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

Edit = Callable[[str, str], str | None]


def text(old: str, new: str) -> Edit:
    """The first match of a pattern in the file; `{at}` in it is the layer's name."""

    def edit(code: str, at: str) -> str | None:
        changed, count = re.subn(old.replace("{at}", at), new.replace("{at}", at), code, count=1, flags=re.DOTALL)
        return changed if count else None

    return edit


def argument(keyword: str, value: str | None) -> Edit:
    """An argument of the call that makes the layer: given, replaced, or left to its default (None)."""

    def edit(code: str, at: str) -> str | None:
        call = _making(code, at)
        if call is None:
            return None
        there = [one for one in call.keywords if one.arg == keyword]
        if value is None and not there:
            return None
        call.keywords = [one for one in call.keywords if one.arg != keyword]
        if value is not None:
            call.keywords.append(ast.keyword(keyword, ast.parse(value, mode="eval").body))
        return _replaced(code, call)

    return edit


def made_by(new: str, *old: str) -> Edit:
    """Another class in the call that makes the layer, in the place of one of these."""

    def edit(code: str, at: str) -> str | None:
        call = _making(code, at)
        if call is None or ast.unparse(call.func) not in old:
            return None
        call.func = ast.parse(new, mode="eval").body
        return _replaced(code, call)

    return edit


def used(old: str, new: str) -> Edit:
    """A pattern in the statement that calls the layer (in Keras, that makes and calls it)."""

    def edit(code: str, at: str) -> str | None:
        for node in _statements(code):
            segment = ast.get_source_segment(code, node) or ""
            if re.search(rf'self\.{at}\(|self\.{at}\b, |name="{at}"', segment) and "super()" not in segment:
                changed, count = re.subn(old.replace("{at}", at), new.replace("{at}", at), segment, flags=re.DOTALL)
                if count:
                    return code.replace(segment, changed, 1)
        return None

    return edit


def _statements(code: str) -> Iterator[ast.stmt]:
    tree = ast.parse(code)
    simple = (ast.Assign, ast.Return, ast.Expr)
    nodes = [node for node in ast.walk(tree) if isinstance(node, simple)]
    return iter(sorted(nodes, key=lambda node: node.lineno))


def _making(code: str, at: str) -> ast.Call | None:
    """The call whose value is kept as `self.at`, or which has the name (in Keras)."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == f"self.{at}":
            return _inner(node.value)
        if isinstance(node, ast.Call):
            names = [ast.literal_eval(one.value) for one in node.keywords if one.arg == "name" and _is_text(one.value)]
            if at in names:
                return node
    return None


def _inner(value: ast.expr) -> ast.Call | None:
    """Of `nnx.RNN(cell(…))` the cell."""
    if not isinstance(value, ast.Call):
        return None
    first = value.args[0] if value.args else None
    return first if ast.unparse(value.func) == "nnx.RNN" and isinstance(first, ast.Call) else value


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _replaced(code: str, call: ast.Call) -> str:
    before = next(
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and (node.lineno, node.col_offset) == (call.lineno, call.col_offset)
        and node.end_lineno == call.end_lineno and node.end_col_offset == call.end_col_offset
    )  # fmt: skip
    segment = ast.get_source_segment(code, before) or ""
    lines = code.splitlines(keepends=True)
    head = "".join(lines[: before.lineno - 1]) + lines[before.lineno - 1].encode()[: before.col_offset].decode()
    return head + ast.unparse(call) + code[len(head) + len(segment) :]
