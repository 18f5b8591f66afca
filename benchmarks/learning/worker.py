"""Runs many programs of one framework in one process: `python -m benchmarks.learning.worker FRAMEWORK < JOBS`.

Each program is an ordinary file, run as `python FILE` would, but that its `load_data` gives its first samples alone.
What is asked is a JSON list of jobs, what is answered a JSON list of their results, in the same order.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import sys
import traceback
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.learning.concepts import ROOTS, imported, path_of

SAMPLES = 64
SAME = {"jaxlib": "jax"}
SETTINGS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
}
"""Nothing is timed, and the programs are tiny: threads that wait and code that is made fast would cost more."""
_loaded: dict[tuple[str, int], Any] = {}


class Watched(ast.NodeTransformer):
    """Puts a call in place of every attribute that is read of a value."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if path_of(node, self.names) or not isinstance(node.ctx, ast.Load):
            return node
        asked = ast.Call(ast.Name("__seen__", ast.Load()), [self.visit(node.value), ast.Constant(node.attr)], [])
        return ast.copy_location(asked, node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(one) for one in node.body]
        return node


def owner(value: object, attribute: str, roots: tuple[str, ...]) -> str | None:
    """The package of the framework that this attribute of a value is of; None where it is the file's own."""
    kind = type(value)
    own = _root(kind)
    if own in roots:
        return own
    return next((_root(one) for one in kind.__mro__ if attribute in vars(one) and _root(one) in roots), None)


def _root(kind: type) -> str:
    root = kind.__module__.partition(".")[0]
    return SAME.get(root, root)


def prepared(path: Path, framework: str, labels: int, watch: bool) -> types.CodeType:
    """The program, whose data is cut; watched where it is asked for."""
    code = path.read_text(encoding="utf-8")
    tree = ast.parse(code)
    for place, node in enumerate(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name == "load_data":
            cut = ast.parse(f"load_data = __cut__(load_data, {ast.unparse(node)!r}, {labels})").body[0]
            for one in ast.walk(cut):
                ast.copy_location(one, node.body[-1])
            tree.body.insert(place + 1, cut)
            break
    if watch:
        tree = Watched(imported(tree, ROOTS[framework])).visit(tree)
    return compile(ast.fix_missing_locations(tree), str(path), "exec")


def cut(load: Callable[[], Any], source: str, labels: int) -> Callable[[], Any]:
    """A function that gives the first samples of what another loads, which is loaded once."""

    def first() -> Any:
        key = (source, labels)
        if key not in _loaded:
            _loaded[key] = tuple(tuple(one[:SAMPLES] for one in part) for part in load())
            if labels == 2:
                _loaded[key] = tuple((*part, part[-1] % 2) for part in _loaded[key])
        return _loaded[key]

    return first


def run(job: dict[str, Any], framework: str) -> dict[str, Any]:
    """Run one program to its end, whatever it is."""
    path, seen = Path(job["file"]), set()

    def look(value: Any, attribute: str) -> Any:
        package = owner(value, attribute, ROOTS[framework])
        if package:
            seen.add(f"{package}: .{attribute}")
        return getattr(value, attribute)

    program = prepared(path, framework, job.get("labels", 1), job.get("watch", False))
    space = {"__name__": "__main__", "__file__": str(path), "__seen__": look, "__cut__": cut}
    found: dict[str, Any] = {"outcome": "nothing"}
    with warnings.catch_warnings(record=True) as warned, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always", UserWarning)
        try:
            exec(program, space)
        except Exception as error:
            found = {"outcome": "error", **told(error, str(path), set(job.get("lines", ())), job.get("quantities", ()))}
    told_of = [one for one in warned if issubclass(one.category, UserWarning)]
    if found["outcome"] == "nothing" and told_of:
        found = {"outcome": "warning", "error": told_of[0].category.__name__, "message": str(told_of[0].message)[:300]}
    return {**found, "seen": sorted(seen)} if job.get("watch") else found


def told(error: Exception, path: str, lines: set[int], quantities: list[str]) -> dict[str, Any]:
    """What the traceback says, as Python prints it, without this file's own frame."""
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
    whole = traceback.TracebackException.from_exception(error)
    printed = "".join(whole.format()).splitlines()
    message = str(error)
    return {
        "error": type(error).__name__,
        "n_lines": len(printed),
        "n_frames": sum(line.startswith('  File "') for line in printed),
        "shows_line": any(_stands_on(frame, path, lines) for frame in _frames(whole)),
        "names_quantities": bool(quantities)
        and all(re.search(rf"(?<!\d)(?:{one})(?!\d)", message) for one in quantities),
        "message": message[:300],
    }


def _frames(whole: traceback.TracebackException | None) -> list[traceback.FrameSummary]:
    if whole is None:
        return []
    before = whole.__cause__ or (None if whole.__suppress_context__ else whole.__context__)
    return [*whole.stack, *_frames(before)]


def _stands_on(frame: traceback.FrameSummary, path: str, lines: set[int]) -> bool:
    first = frame.lineno or 0
    return frame.filename == path and bool(lines & set(range(first, (frame.end_lineno or first) + 1)))


def settled(framework: str) -> Callable[[], None]:
    """What is to be done before each program, so that it finds the framework as it was."""
    if framework != "tensorflow":
        return lambda: None
    import keras

    def fresh() -> None:
        keras.backend.clear_session()
        keras.mixed_precision.set_global_policy("float32")

    return fresh


def main() -> None:
    """Answer one list of jobs."""
    framework = sys.argv[1]
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    jobs = json.load(sys.stdin)
    fresh = settled(framework)
    results = []
    for job in jobs:
        fresh()
        results.append(run(job, framework))
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
