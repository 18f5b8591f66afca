"""The last output of both directions: a function in the place of `outputs[:, -1]`, which is that of one direction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode
from paragone.fixes.source import Source, dotted

_NAME = "last_of_both"
_MODULES = {
    "torch": (("torch",), "torch", "import torch", "cat"),
    "jax": (("jax.numpy",), "jnp", "import jax.numpy as jnp", "concatenate"),
    "tensorflow": (("keras.ops", "keras._tf_keras.keras.ops"), "ops", "from keras import ops", "concatenate"),
}
"""By framework: the module that puts arrays side by side, its name in a file, how it is imported, its function."""
_HELPER = '''
def {name}(outputs):
    """The last output of each direction: of the one that goes backwards, it is at the first step."""
    half = outputs.shape[-1] // 2
    return {joined}([outputs[:, -1, :half], outputs[:, 0, half:]], {axis})
'''


def change(side: SideCode, where: str, _name: str, _value: Any) -> None:
    """Have the function take the layer's outputs wherever the last step of them is taken."""
    line = side.row(where)["line"]
    made = _statement(side.source, line) if line else None
    if made is None or "idirectional" not in side.source.segment(made):
        raise UnfixableError(f"{where} is not made by a line of this file that says that it goes both ways")
    taken = list(_last_steps(side.source, made))
    if not taken:
        raise UnfixableError(f"no [:, -1] takes the last step of what {where} gives")
    statement = side.source.statement(taken[0])
    homes, alias, imported, joins = _MODULES[side.framework]
    module = side.draft.module(homes, alias, imported, statement)
    axis = "axis=-1" if side.framework != "torch" else "-1"
    text = _HELPER.format(name=_NAME, joined=f"{module}.{joins}", axis=axis)
    name = side.draft.helper(_NAME, text, statement)
    for node in taken:
        side.draft.replace(node, f"{name}({side.source.segment(node.value)})")


def _statement(source: Source, line: int) -> ast.Assign | None:
    """The smallest assignment that covers a line."""
    found = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(found, key=lambda node: node.lineno, default=None)


def _last_steps(source: Source, made: ast.Assign) -> Iterator[ast.Subscript]:
    """Every `…[:, -1]` of what the layer gives, or of a name for it."""
    layer = {text for target in made.targets if (text := dotted(target))}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Subscript) and _is_last_step(node.slice):
            if isinstance(node.value, ast.Name):
                given = _bound(source, node.value)
                comes = given is made or (given is not None and _calls(given.value, layer))
            else:
                comes = _calls(node.value, layer)
            if comes:
                yield node


def _is_last_step(index: ast.expr) -> bool:
    """Whether it is `:, -1` or `:, -1, :`."""
    parts = index.elts if isinstance(index, ast.Tuple) else []
    whole = [isinstance(part, ast.Slice) and not (part.lower or part.upper or part.step) for part in parts]
    return whole in ([True, False], [True, False, True]) and ast.unparse(parts[1]) == "-1"


def _calls(value: ast.expr, layer: set[str]) -> bool:
    return any(isinstance(node, ast.Call) and dotted(node.func) in layer for node in ast.walk(value))


def _bound(source: Source, name: ast.Name) -> ast.Assign | None:
    """The last assignment before a name is read, in the same function, that has the name or begins with it."""
    scope: ast.AST = name
    while scope is not source.tree and not isinstance(scope, ast.FunctionDef):
        scope = source.parents[scope]
    found = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and node.lineno < name.lineno and _first(node.targets[0]) == name.id
    ]
    return max(found, key=lambda node: node.lineno, default=None)


def _first(target: ast.expr) -> str:
    one = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
    return dotted(one)


CHANGE = change
