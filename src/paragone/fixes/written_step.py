"""A number of an update that the file's own step writes out: a default, a number in its code, or one of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode
from paragone.spelling.code import literal

_Step = ast.FunctionDef | ast.AsyncFunctionDef
_Named = tuple[str, ast.Constant]
_NEAR = 1e-12
"""How far from 1 the sum of two numbers may be that are written to make it up."""


def set_in_step(side: SideCode, name: str, called: Sequence[str], value: Any) -> None:
    """Write another number where the step has the one that a trait of the optimizer is.

    Args:
        side: whose step it is.
        name: of the trait.
        called: what the number is called elsewhere: of several of one value, the one of such a name is meant.
        value: to be written.

    Raises:
        UnfixableError: the side has no such step, or which of its numbers is meant cannot be told.
    """
    own = next((trait for trait in side.subject.traits if (trait.where, trait.name) == ("optimizer", name)), None)
    step = _function_at(side, own.line) if own is not None and own.line else None
    if own is None or step is None:
        raise UnfixableError(f"no call in the file takes {called[0]}")
    now, told = own.value, name.replace("_", " ")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isinstance(now, (int, float)) or not now:
        raise UnfixableError(f"{step.name} writes its update out, which has no number for {told}")
    numbers = [*_numbers(side.source.tree, step)]
    alike = [item for item in numbers if item[1].value == now]
    found = alike if len(alike) == 1 else [item for item in alike if item[0].lower() in (*called, name)]
    if (len(alike) == 1 and _is_shared(side, name, now)) or any(_completes(node.value, now) for _, node in numbers):
        raise UnfixableError(f"{step.name} uses {now:g} for more than {told}")
    if len(found) != 1:
        raise UnfixableError(f"{len(alike) or 'no'} numbers of {step.name} are {now:g}")
    side.draft.replace(found[0][1], literal(value))


def _is_shared(side: SideCode, name: str, now: float) -> bool:
    """Whether another number of the optimizer is the same."""
    others = (trait for trait in side.subject.traits if trait.where == "optimizer" and trait.name != name)
    return any(type(trait.value) is float and trait.value == now for trait in others)


def _completes(number: Any, now: float) -> bool:
    """Whether a number is what is left of 1 (`0.9 * m + 0.1 * g`), which would have to change as well."""
    return type(number) is float and number != now and abs(1.0 - now - number) < _NEAR


def _function_at(side: SideCode, line: int) -> _Step | None:
    """The function of the module that begins at a line, with its decorators."""
    for node in side.source.tree.body:
        if isinstance(node, _Step):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            if first <= line <= node.lineno:
                return node
    return None


def _numbers(module: ast.Module, step: _Step) -> Iterator[_Named]:
    """The numbers of a step by the names that they have there; those in its code have none."""
    places = (*step.args.posonlyargs, *step.args.args)
    defaults = step.args.defaults
    yield from _named(zip((one.arg for one in places[len(places) - len(defaults) :]), defaults, strict=True))
    yield from _named(zip((one.arg for one in step.args.kwonlyargs), step.args.kw_defaults, strict=True))
    inside = [node for statement in step.body for node in ast.walk(statement)]
    yield from _named(("", node) for node in inside if isinstance(node, ast.Constant) and type(node.value) is float)
    read = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            yield from ((name, node) for name, node in _named(_assigned(statement)) if name in read)


def _assigned(statement: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    for target in statement.targets:
        if isinstance(target, ast.Name):
            yield target.id, statement.value
        elif isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            pairs = zip(target.elts, statement.value.elts, strict=False)
            yield from ((one.id, value) for one, value in pairs if isinstance(one, ast.Name))


def _named(pairs: Any) -> Iterator[_Named]:
    for name, node in pairs:
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            yield name, node
