"""The arguments of a call by their names, from the parameters that a layer file says a function has."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from paragone.layers.base import Function

_KINDS = inspect.Parameter


@cache
def signature(parameters: str) -> inspect.Signature:
    """The signature of `def f(parameters)`, with the defaults as they are written."""
    given = ast.parse(f"def f({parameters}): pass").body[0].args  # type: ignore[attr-defined]
    plain = [*given.posonlyargs, *given.args]
    late = [inspect.Parameter.empty] * (len(plain) - len(given.defaults)) + [_value(node) for node in given.defaults]
    found = [_parameter(one, _KINDS.POSITIONAL_OR_KEYWORD, default) for one, default in zip(plain, late, strict=True)]
    if given.vararg:
        found.append(_KINDS(given.vararg.arg, _KINDS.VAR_POSITIONAL))
    for one, node in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        found.append(_parameter(one, _KINDS.KEYWORD_ONLY, _value(node) if node else _KINDS.empty))
    if given.kwarg:
        found.append(_KINDS(given.kwarg.arg, _KINDS.VAR_KEYWORD))
    return inspect.Signature(found)


def _value(node: ast.expr) -> Any:
    return ast.literal_eval(node)


def _parameter(argument: ast.arg, kind: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(argument.arg, kind, default=default)


def with_arguments(
    function: Function, args: Sequence[Any], kwargs: Mapping[str, Any], values: Mapping[str, Any]
) -> inspect.BoundArguments:
    """The arguments of a call, with other values for some of its traits."""
    found = signature(function.parameters).bind(*args, **kwargs)
    for item in function.arguments:
        if item.trait in values:
            found.arguments[item.attribute] = item.canonical(values[item.trait])
    return found


def bound(function: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> SimpleNamespace | None:
    """The arguments with the defaults filled in; None where this is no call of this layer."""
    try:
        found = signature(function.parameters).bind(*args, **kwargs)
    except TypeError:
        return None
    found.apply_defaults()
    given = SimpleNamespace(**found.arguments)
    try:
        return given if function.when(given) else None
    except (TypeError, ValueError, AttributeError):
        return None
