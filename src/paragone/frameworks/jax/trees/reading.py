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
        function: that takes the batch.
        name: of that argument.
    """
    code = code_of(function)
    keys = [
        node.slice.value
        for node in (ast.walk(code) if code else ())
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ]
    targets = next((key for key in keys if key.lower() in _TARGETS), None)
    inputs = next((key for key in keys if key != targets), None)
    if targets is None or inputs is None:
        return lambda x, y: (x, y)
    return lambda x, y: {inputs: x, targets: y}
