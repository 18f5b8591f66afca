"""Pieces of Python source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Code(str):
    """Python source that goes into a side as it is; any other string becomes a literal."""

    __slots__ = ()


class _Default:
    """The framework's own default: an argument with this value is not written."""

    def __repr__(self) -> str:
        return "DEFAULT"


DEFAULT = _Default()


def unless(default: Any, value: Any) -> Any:
    """The value, or `DEFAULT` where it is what the framework takes anyway."""
    return DEFAULT if value == default and type(value) is type(default) else value


def literal(value: Any) -> str:
    """A value as Python source: text in double quotes, tuples and lists as tuples, mappings as dicts."""
    if isinstance(value, Code):
        return value
    if isinstance(value, Construct):
        return value.code()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (tuple, list)):
        items = [literal(item) for item in value]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    return number(value) if isinstance(value, float) else repr(value)


def number(value: float) -> str:
    """A number as people write it: 1e-8, not 1e-08."""
    return repr(value).replace("e-0", "e-").replace("e+", "e")


@dataclass(frozen=True)
class Construct:
    """A call that makes an object: `nn.Linear(784, 64, bias=False)`."""

    callee: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    def having(self, **more: Any) -> Construct:
        """The same with more keyword arguments; `0.name` is one of the call that is the first argument."""
        made = self
        for key, value in more.items():
            index, inner, name = key.partition(".")
            if inner:
                changed = made.args[int(index)].having(**{name: value})
                args = (*made.args[: int(index)], changed, *made.args[int(index) + 1 :])
                made = Construct(made.callee, args, made.kwargs)
            else:
                made = Construct(made.callee, made.args, {**made.kwargs, key: value})
        return made

    def code(self) -> Code:
        """As source; arguments that are `DEFAULT` are left out, and `rngs` comes last, as Flax writes it."""
        given = [literal(value) for value in self.args]
        kwargs = sorted(self.kwargs.items(), key=lambda item: item[0] == "rngs")
        given += [f"{key}={literal(value)}" for key, value in kwargs if value is not DEFAULT]
        return Code(f"{self.callee}({', '.join(given)})")


def construct(callee: str, *args: Any, **kwargs: Any) -> Construct:
    """A call that makes an object."""
    return Construct(callee, args, kwargs)
