"""What a file's own functions say of themselves: who is handed the tree, and in which form the data arrives."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from paragone.frameworks.jax.linen.stats import given_as, is_bare, is_statistics
from paragone.frameworks.jax.trees.model import Carried

TREES = ("params", "parameters", "variables", "weights", "theta", "p", "w", "model_params", "net_params")
"""What a tree of parameters is called, in a file or in a function."""
_TARGETS = ("label", "labels", "y", "target", "targets")
"""What the targets are called in a batch that is a dict."""
_DEEP = 3
"""Through how many functions a batch is followed that is handed on."""


def code_of(function: Callable[..., Any]) -> ast.FunctionDef | None:
    """The definition behind a function, also one that was compiled or mapped; None where there is no text of it."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    return next((node for node in tree.body if isinstance(node, ast.FunctionDef)), None)


def called_with(function: Callable[..., Any], name: str, but_not: Collection[str]) -> Iterator[ast.expr]:
    """What a function calls with one of its own names, bare or as `{"params": name}`, and then something computed.

    Args:
        function: whose code is read.
        name: of the first argument of the calls.
        but_not: names, of which none may be the second argument.
    """
    code = code_of(function)
    for node in ast.walk(code) if code else ():
        if isinstance(node, ast.Call) and len(node.args) > 1 and _hands_on(node.args[0], name):
            second = node.args[1]
            if not isinstance(second, ast.Constant) and not (isinstance(second, ast.Name) and second.id in but_not):
                yield node.func


def data_as(function: Callable[..., Any], names: Sequence[str]) -> Callable[[Any, Any], dict[str, Any]]:
    """How a function takes inputs and targets: by two names, or by one for a batch.

    Args:
        function: that takes them.
        names: of these arguments.
    """
    if len(names) == 2:
        return lambda x, y: {names[0]: x, names[1]: y}
    form = batch_form(function, names[0])
    return lambda x, y: {names[0]: form(x, y)}


def beside(name: str, carried: Carried, names: Mapping[str, Any]) -> Any:
    """What an argument for statistics or for a key is given.

    Args:
        name: of the argument.
        carried: from the pass before.
        names: of the file, at its top level, or the fields of its state.
    """
    if is_statistics(name):
        return given_as(carried.stats, bare=is_bare(name, names))
    return {"dropout": carried.key()} if name.lower() == "rngs" else carried.key()


def _hands_on(given: ast.expr, name: str) -> bool:
    if isinstance(given, ast.Dict):
        return any(_hands_on(value, name) for value in given.values if value is not None)
    return isinstance(given, ast.Name) and given.id == name


def batch_form(function: Callable[..., Any], name: str) -> Callable[[Any, Any], Any]:
    """How a function takes a batch by one name: as a pair, or as a dict by the keys that it looks up.

    Args:
        function: that takes the batch, and looks it up itself or hands it on to functions of the file.
        name: of that argument.
    """
    keys = _looked_up(function, name, _DEEP)
    targets = next((key for key in keys if key.lower() in _TARGETS), None)
    inputs = next((key for key in keys if key != targets), None)
    if targets is None or inputs is None:
        return lambda x, y: (x, y)
    return lambda x, y: {inputs: x, targets: y}


def _looked_up(function: Any, name: str, deep: int) -> list[str]:
    """The keys that a function looks up in an argument, or the first function that it hands it on to."""
    code = code_of(function)
    if code is None:
        return []
    nodes = list(ast.walk(code))
    keys = [key for node in nodes if isinstance(node, ast.Subscript) and (key := _key_of(node, name))]
    if keys or not deep:
        return keys
    given = [node for node in nodes if isinstance(node, ast.Assign) and len(node.targets) == 1]
    made = {node.targets[0].id: node.value for node in given if isinstance(node.targets[0], ast.Name)}
    for node in nodes:
        if isinstance(node, ast.Call) and (called := _called(node.func, made)):
            taker = getattr(inspect.unwrap(function), "__globals__", {}).get(called)
            if (parameter := _parameter_for(node, name, taker)) and (keys := _looked_up(taker, parameter, deep - 1)):
                return keys
    return []


def _key_of(node: ast.Subscript, name: str) -> str | None:
    """The text by which something is looked up in what has this name."""
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    return key if isinstance(key, str) and isinstance(node.value, ast.Name) and node.value.id == name else None


def _called(function: ast.expr, made: Mapping[str, ast.expr]) -> str | None:
    """The name behind `f`, `value_and_grad(f)`, or a name that was given one of these."""
    if isinstance(function, ast.Name):
        value = made.get(function.id)
        return _called(value, {}) if isinstance(value, ast.Call) else function.id
    first = function.args[0] if isinstance(function, ast.Call) and function.args else None
    return first.id if isinstance(first, ast.Name) else None


def _parameter_for(call: ast.Call, name: str, taker: Any) -> str | None:
    """By which name a function takes what a call hands it by another."""
    code = code_of(taker) if callable(taker) else None
    if code is None:
        return None
    taken = [one.arg for one in code.args.args]
    by_place = zip(taken, call.args, strict=False)
    by_name = ((one.arg, one.value) for one in call.keywords if one.arg in taken)
    pairs = [*by_place, *by_name]
    return next((own for own, given in pairs if isinstance(given, ast.Name) and given.id == name), None)
