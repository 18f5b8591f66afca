"""Softmax applied twice: the one at the end of the model is taken out."""

from __future__ import annotations

import ast
from typing import Any

from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode

_FUNCTIONS = {"softmax", "sigmoid"}
_CALLED = {"forward", "__call__", "call"}


def change(side: SideCode, _where: str, _name: str, value: Any) -> None:
    """Take the last part of a Sequential out, or the function around what the model returns."""
    if value != "once":
        raise UnfixableError("a softmax at the end of the model would have to be written")
    found = [*_last_parts(side), *_returned(side)]
    if len(found) != 1:
        raise UnfixableError(f"{len(found) or 'no'} softmax was seen at the end of a Sequential or of a model's call")
    first, last, text = found[0]
    side.draft.edit(first, last, text)


def _last_parts(side: SideCode) -> list[tuple[int, int, str]]:
    """`nn.Softmax(…)` as the last part of `nn.Sequential(…)`, from the comma before it; a function in Flax."""
    found = []
    for node, _ in side.calls_of(lambda callee: callee.name == "Sequential"):
        if len(node.args) > 1 and _is_softmax(side, node.args[-1]):
            _, end = side.source.span(node.args[-2])
            found.append((end, side.source.span(node.args[-1])[1], ""))
    return found


def _returned(side: SideCode) -> list[tuple[int, int, str]]:
    """`return F.softmax(x, dim=-1)` or `return x.softmax(-1)` in `forward`, `__call__` or `call`."""
    found = []
    for node in ast.walk(side.source.tree):
        if isinstance(node, ast.FunctionDef) and node.name in _CALLED:
            for one in ast.walk(node):
                inner = _inside(side, one.value) if isinstance(one, ast.Return) and one.value else None
                if inner is not None and isinstance(one, ast.Return) and one.value:
                    found.append((*side.source.span(one.value), side.source.segment(inner)))
    return found


def _inside(side: SideCode, node: ast.expr) -> ast.expr | None:
    if not isinstance(node, ast.Call):
        return None
    if _is(side, node, lambda callee: callee.name in _FUNCTIONS) and node.args:
        return node.args[0]
    method = isinstance(node.func, ast.Attribute) and node.func.attr in _FUNCTIONS
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return owner if method and not side.home(ast.unparse(node.func)) else None


def _is_softmax(side: SideCode, node: ast.expr) -> bool:
    """An object of a layer, or a function by its name."""
    if _is(side, node, lambda callee: callee.name in {"Softmax", "Sigmoid"}):
        return True
    return side.home(ast.unparse(node)).rpartition(".")[2] in _FUNCTIONS


def _is(side: SideCode, node: ast.expr, wanted: Any) -> bool:
    return any(call is node for call, _ in side.calls_of(wanted))


CHANGE = change
