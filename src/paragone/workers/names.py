"""What the names in a side's file stand for, as far as its module knows: what is called, and with which arguments.

Looked up in the module after it was run, along modules and classes only, so that no property of an object is computed.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from paragone.fixes.source import Source

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

_NOTHING = object()
_BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def code_names(adapter: SideAdapter) -> dict[str, Any]:
    """The names that the file reads or binds, the name of its model, and where in the model each layer is."""
    namespace = adapter.executed.namespace
    texts = {text for text, _ in Source(adapter.path.read_text(encoding="utf-8-sig")).names()}
    bound = [name for name in namespace if not name.startswith("__")]
    return {
        "names": {text: _about(_value(text, namespace)) for text in sorted({*texts, *bound, *_owners(texts)})},
        "model": adapter.found.name,
        "paths": {layer.name: path for layer in adapter.layers if (path := adapter.path_of(layer.thing))},
    }


def _owners(texts: set[str]) -> Iterator[str]:
    """`torch` and `torch.nn` of `torch.nn.Linear`."""
    for text in texts:
        parts = text.split(".")
        yield from (".".join(parts[:n]) for n in range(1, len(parts)))


def _value(text: str, namespace: dict[str, Any]) -> Any:
    first, *rest = text.split(".")
    value = namespace.get(first, _NOTHING)
    for name in rest:
        if not isinstance(value, types.ModuleType | type):
            return _NOTHING
        value = getattr(value, name, _NOTHING)
    return value


def _about(value: Any) -> dict[str, Any]:
    """Where it is defined, and what it takes; nothing for what is no module, class or function."""
    if isinstance(value, types.ModuleType):
        return {"home": value.__name__}
    made = value.func if isinstance(value, partial) else value
    name = getattr(made, "__qualname__", None)
    if not callable(made) or not isinstance(name, str):
        return {"home": ""}
    about = {"home": f"{getattr(made, '__module__', '')}.{name}", "parameters": [], "more": [], "any": False}
    try:
        signature = inspect.signature(getattr(made, "__init__") if isinstance(made, type) else made)  # noqa: B009 (of any class)
    except (TypeError, ValueError):
        return about
    parameters = list(signature.parameters.values())[1 if isinstance(made, type) else 0 :]
    gone, named = (len(value.args), set(value.keywords)) if isinstance(value, partial) else (0, set())
    by_place = [p.name for p in parameters if p.kind in _BY_PLACE][gone:]
    first_named = next((i for i, name in enumerate(by_place) if name in named), len(by_place))
    more = [p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
    return {
        **about,
        "parameters": by_place[:first_named],
        "more": [*by_place[first_named:], *more],
        "any": any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters),
    }
