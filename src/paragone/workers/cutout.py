"""Cuts one statement of a side, or one module, out of a pass: what it was given, the weights that it uses.

The model runs eagerly until the statement is done, under a trace function that looks at the side's own file only.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.common import SideAdapter
from paragone.workers.channel import Message
from paragone.workers.taping import Player, batch_of, player

_PLAIN = (int, float, str, bool, type(None))


class _DoneError(Exception):
    """The statement was executed: the pass need not go on."""


def cutout(
    adapter: SideAdapter,
    *,
    start: str,
    mode: str,
    rows: Sequence[int] | None,
    probe: str,
    out: str,
    module: str,
    line: int,
) -> Message:
    """Save what a statement, or a module, was given, and the state of the modules that it uses.

    Args:
        adapter: the built side.
        start: file of the weights to start from.
        mode: evaluation mode only (`forward`).
        rows: of the test set.
        probe: which of the ladder's probes; see `paragone.workers.probes`.
        out: file that takes `local/NAME`, `state/MODULE/NAME` and `result/NUMBER`.
        module: path of the module whose method the statement is in, or that is cut out itself.
        line: a line of the statement; 0 to cut out the module.
    """
    assert mode == "forward"
    save_file({"nothing": np.zeros(0)}, out)
    adapter.load({key: array.astype(adapter.dtype) for key, array in load_file(start).items()})
    plays = player(adapter)
    modules = plays.modules(adapter)
    if not line:
        return _whole(adapter, plays, modules, module, batch_of(adapter, rows, probe), Path(out))
    watcher = _Watcher(adapter.path, line, modules.get(module))
    watcher.watch(lambda: plays.run(adapter, batch_of(adapter, rows, probe)))
    found = _saved(watcher, plays, modules, Path(out)) if watcher.before is not None else {"cut": False}
    return found | {"model": adapter.found.name}


def _whole(adapter: SideAdapter, plays: Player, modules: dict[str, Any], path: str, batch: Batch, out: Path) -> Message:
    """A module, with what its first call was given: tensors, lists of them, and plain data, by their places."""
    thing = modules.get(path)
    if thing is None:
        return {"cut": False}
    seen = _watch_call(thing, lambda: plays.run(adapter, batch))
    arrays: dict[str, Array] = {}
    told: list[dict[str, Any]] = []
    for number, value in enumerate(seen.get("given", ())):
        tensors = plays.leaves(value)
        if tensors:
            arrays |= {f"local/{number}.{i}": plays.array(one) for i, one in enumerate(tensors)}
            told.append({"arrays": len(tensors), "list": not plays.is_tensor(value)})
        elif _is_plain(value):
            told.append({"value": repr(value)})
        else:
            return {"cut": False}
    if not seen:
        return {"cut": False}
    arrays |= {f"state/{path}/{name}": array for name, array in plays.state(thing).items()}
    arrays |= {f"result/{number}": plays.array(one) for number, one in enumerate(plays.leaves(seen["gave"]))}
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, out)
    place = {path: list(modules).index(path)}
    return {"cut": True, "module": path, "given": told, "modules": place, "model": adapter.found.name}


def _watch_call(thing: Any, run: Callable[[], Any]) -> dict[str, Any]:
    """What the first call of an object was given, and what it gave."""
    seen: dict[str, Any] = {}
    own = type(thing).__call__

    def call(module: Any, *args: Any, **kwargs: Any) -> Any:
        output = own(module, *args, **kwargs)
        if module is thing:
            seen.update(given=args, gave=output)
            raise _DoneError
        return output

    with mock.patch.object(type(thing), "__call__", call), contextlib.suppress(_DoneError):
        run()
    return seen


def _saved(watcher: _Watcher, plays: Player, modules: dict[str, Any], out: Path) -> Message:
    """The arrays in a file, the rest as plain data; with a local of another kind the statement cannot be cut out."""
    assert watcher.statement is not None and watcher.before is not None
    paths = {id(thing): path for path, thing in modules.items()}
    arrays: dict[str, Array] = {}
    told: dict[str, Any] = {}
    used: list[str] = []
    needed = _names(watcher.statement) & set(watcher.before)
    for name in sorted(needed):
        value = watcher.before[name]
        if id(value) in paths:
            told[name] = {"module": paths[id(value)]}
            used += _used(watcher.statement, name, value, paths) if name == "self" else [paths[id(value)]]
        elif plays.is_tensor(value):
            arrays[f"local/{name}"] = plays.array(value)
            told[name] = {"array": True}
        elif (spelled := _spelled(plays, value, f"local/{name}", arrays)) is not None:
            told[name] = {"value": spelled}
        else:
            return {"cut": False}
    for path in used:
        arrays |= {f"state/{path}/{name}": array for name, array in plays.state(modules[path]).items()}
    results = plays.leaves(watcher.result)
    arrays |= {f"result/{number}": plays.array(one) for number, one in enumerate(results)}
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, out)
    first, last = watcher.statement.lineno, watcher.statement.end_lineno
    places = list(modules)
    return {
        "cut": True,
        "locals": told,
        "modules": {path: places.index(path) for path in dict.fromkeys([*used, *_paths(told)])},
        "first_line": first,
        "last_line": last,
        "returns": isinstance(watcher.statement, ast.Return),
        "results": watcher.assigned,
    }


def _spelled(plays: Player, value: Any, key: str, arrays: dict[str, Array]) -> str | None:
    """The source of plain data, and of containers of it and of tensors, which are saved; None for anything else."""
    if plays.is_tensor(value):
        arrays[key] = plays.array(value)
        return f"saved[{key!r}]"
    if _is_plain(value):
        return repr(value)
    if type(value) is not dict and not isinstance(value, (list, tuple)):
        return None
    items = value.items() if isinstance(value, dict) else enumerate(value)
    parts = {at: _spelled(plays, item, f"{key}/{at}", arrays) for at, item in items}
    return _container(value, {at: part for at, part in parts.items() if part is not None})


def _container(value: Any, parts: Mapping[Any, str]) -> str | None:
    """A container with these parts; None where one is missing. Of a named tuple the file has the class."""
    if len(parts) < len(value):
        return None
    if isinstance(value, dict):
        return f"{{{', '.join(f'{at!r}: {part}' for at, part in parts.items())}}}"
    listed = ", ".join(parts.values())
    if isinstance(value, list):
        return f"[{listed}]"
    return f"{type(value).__name__}({listed})" if hasattr(value, "_fields") else f"({listed},)"


def _paths(told: dict[str, Any]) -> list[str]:
    return [row["module"] for row in told.values() if "module" in row]


def _is_plain(value: Any) -> bool:
    return isinstance(value, _PLAIN) or (isinstance(value, tuple) and all(map(_is_plain, value)))


def _names(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _used(statement: ast.stmt, name: str, owner: Any, paths: dict[int, str]) -> list[str]:
    """The modules that a statement reaches through the attributes of one; itself, where it has methods called."""
    found = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            thing = getattr(owner, node.attr, None)
            if id(thing) in paths:
                found.append(paths[id(thing)])
            elif inspect.ismethod(thing):
                found.append(paths[id(owner)])
    return list(dict.fromkeys(found))


class _Watcher:
    """Looks at the locals before a statement, and at what it gave.

    Args:
        path: the side's file.
        line: of the statement.
        owner: the object whose method it is in; None for any.
    """

    def __init__(self, path: Path, line: int, owner: Any):
        self._path = str(path)
        self._owner = owner
        self.statement = _statement(path, line)
        self.before: dict[str, Any] | None = None
        self.result: Any = None
        self._frame: FrameType | None = None

    @property
    def assigned(self) -> list[str]:
        """Names that the statement binds."""
        assert self.statement is not None
        return [
            node.id
            for node in ast.walk(self.statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]

    def watch(self, run: Any) -> None:
        """Run until the statement is done."""
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            with contextlib.suppress(_DoneError):
                run()
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._seen if frame.f_code.co_filename == self._path else None

    def _seen(self, frame: FrameType, event: str, argument: Any) -> Any:
        if self.statement is None or event not in ("line", "return"):
            return self._seen
        inside = self.statement.lineno <= frame.f_lineno <= (self.statement.end_lineno or 0)
        if self._frame is None:
            mine = self._owner is None or frame.f_locals.get("self") is self._owner
            if event == "line" and inside and mine:
                self._frame, self.before = frame, dict(frame.f_locals)
        elif frame is self._frame and (event == "return" or not inside):
            returned = isinstance(self.statement, ast.Return)
            self.result = argument if returned else [frame.f_locals.get(name) for name in self.assigned]
            raise _DoneError
        return self._seen


def _statement(path: Path, line: int) -> ast.stmt | None:
    """The innermost simple statement of a function that the line is in."""
    found: ast.stmt | None = None
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8-sig"))):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return)):
            found = node if node.lineno <= line <= (node.end_lineno or node.lineno) else found
    return found
