"""Run a side's file in its worker, one top-level statement after the other, and remember what each one bound.

Lessons call the Keras model and the PyTorch model both `model`: looking at the names after each statement finds both,
with their lines, where looking at the finished module would find only the last.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paragone.errors import SideError

MODULE_NAME = "paragone_side"


@dataclass(frozen=True)
class Binding:
    """A name that a statement of the file bound to something of interest."""

    name: str
    value: Any
    first_line: int
    last_line: int


class Executed:
    """A side's file after it was run.

    Args:
        path: the file.
        namespace: its module's names.
        bindings: what its statements bound, in order.
    """

    def __init__(self, path: Path, namespace: dict[str, Any], bindings: list[Binding]):
        self.path = path
        self.namespace = namespace
        self.bindings = bindings
        self.returned: tuple[Any, ...] = ()

    def of(self, test: Callable[[Any], bool]) -> list[Binding]:
        """The last binding of each distinct object that passes a test, in order of their lines."""
        chosen: dict[int, Binding] = {}
        for binding in self.bindings:
            if test(binding.value):
                chosen.setdefault(id(binding.value), binding)
        return list(chosen.values())

    def named(self, *names: str) -> Any | None:
        """The last value of the first of these names that the file has, or None."""
        return next((self.namespace[name] for name in names if self.namespace.get(name) is not None), None)

    def function(self, *names: str, step: bool = False) -> Any | None:
        """A function that the chosen function returned: the step is called `train_step`, any other one is the loss.

        Where it returned none, what the file has by one of these names.
        """
        made = [part for part in self.returned if inspect.isroutine(part)]
        found = [part for part in made if (part.__name__ == "train_step") is step]
        return found[0] if found else self.named(*names)


def execute(path: Path, interesting: Callable[[Any], bool]) -> Executed:
    """Run the file as a module that is not `__main__`.

    Raises:
        SideError: a module that the file imports is not installed.
        Exception: whatever the file raises.
    """
    code = path.read_text(encoding="utf-8-sig")
    module = types.ModuleType(MODULE_NAME)
    module.__file__ = str(path)
    sys.modules[MODULE_NAME] = module
    linecache.checkcache(str(path))
    bindings: list[Binding] = []
    tree = ast.parse(code)
    flags = _future_flags(tree)
    for statement in tree.body:
        before = {name: id(value) for name, value in module.__dict__.items()}
        _run(statement, path, module.__dict__, flags)
        bindings += _new(statement, before, module.__dict__, interesting)
    return Executed(path, module.__dict__, bindings)


def _run(statement: ast.stmt, path: Path, namespace: dict[str, Any], flags: int) -> None:
    code = compile(ast.Module([statement], []), str(path), "exec", flags=flags, dont_inherit=True)
    try:
        exec(code, namespace)  # the user's own code, in a process of its own: that is what a side is
    except ModuleNotFoundError as error:
        raise SideError(
            f"{path.name} imports a module that is not installed: {error.name}.",
            where=f"{path.name}, line {line_of(error, path)}",
            next_step=f"pip install {(error.name or '').split('.')[0]}, or put the module beside the file",
        ) from None


def line_of(error: BaseException, path: Path) -> int | None:
    """The last line of the file that the error passed through."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def calling_line(path: str) -> int | None:
    """The line of the file that is being executed now, seen from deep inside a framework; None outside of it."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == path:
            return frame.f_lineno
        frame = frame.f_back
    return None


def _new(
    statement: ast.stmt, before: dict[str, int], namespace: dict[str, Any], interesting: Callable[[Any], bool]
) -> list[Binding]:
    last_line = statement.end_lineno or statement.lineno
    return [
        Binding(name, value, statement.lineno, last_line)
        for name, value in tuple(namespace.items())
        if before.get(name) != id(value) and not name.startswith("__") and interesting(value)
    ]


def _future_flags(tree: ast.Module) -> int:
    import __future__

    names = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    return sum(getattr(__future__, name).compiler_flag for name in names)
