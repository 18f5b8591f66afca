"""Concepts of a side: the names of the framework that it uses, and what the framework asks of the language.

A concept is one of three, each counted once for a side however often it is used:

- a name of the framework, by its full path, found through the file's imports: `torch.nn.Linear`; also where a Keras
  layer takes it as a text (`activation="relu"` is `keras.activations.relu`);
- a method or attribute of a value of the framework, by the framework and its name: `torch: .backward`. What a value is
  shows when the side runs (`benchmarks/learning/worker.py`);
- one of the `CONSTRUCTS`.

Annotations are not counted, since the frameworks ask for none; nor are options of a call, and what is NumPy's. Names of
`jax.numpy` are counted, though most of them are those of NumPy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

ROOTS = {"tensorflow": ("keras", "tensorflow"), "torch": ("torch",), "jax": ("jax", "flax", "optax")}
"""The packages of each framework."""
FORWARD = ("call", "forward", "__call__")
CONSTRUCTS = {
    "a class with a forward pass": "a class derived from one of the framework, with a method call, forward or __call__",
    "super().__init__()": "the call, in a class derived from one of the framework",
    "a training loop": "a `for` inside of a `for`, outside of functions and classes",
    "batches cut by hand": "such an inner `for` over range(start, stop, step)",
    "a function handed over": "a function of the file as an argument of the framework's",
}
"""What a framework asks of the language, and how it is told in the tree of the file."""


def imported(tree: ast.Module, roots: tuple[str, ...]) -> dict[str, str]:
    """Full paths of the names that the file imports from these packages."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                found[one.asname or one.name.partition(".")[0]] = one.name if one.asname else one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return {name: path for name, path in found.items() if path.partition(".")[0] in roots}


def path_of(node: ast.AST, names: dict[str, str]) -> str | None:
    """The full path that a name or an attribute stands for; None for what is not imported."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        inner = path_of(node.value, names)
        return inner and f"{inner}.{node.attr}"
    return None


def without_annotations(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a node that are no annotations."""
    left_out = {"annotation", "returns"}
    for name, value in ast.iter_fields(node):
        if name not in left_out:
            yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, ast.AST))


def concepts(code: str, framework: str) -> set[str]:
    """The concepts of a side that its text shows: names and constructs."""
    tree = ast.parse(code)
    names = imported(tree, ROOTS[framework])
    return {*_names(tree, names), *_constructs(tree, names)}


def _names(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    path = path_of(node, names)
    if path is not None:
        yield path
        return
    if isinstance(node, ast.Call) and path_of(node.func, names):
        for keyword in node.keywords:
            if keyword.arg == "activation" and isinstance(keyword.value, ast.Constant):
                yield f"keras.activations.{keyword.value.value}"
    for child in without_annotations(node):
        yield from _names(child, names)


def _constructs(tree: ast.Module, names: dict[str, str]) -> Iterator[str]:
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(path_of(base, names) for base in node.bases):
            yield from _of_class(node)
        elif isinstance(node, ast.Call) and path_of(node.func, names) and _names_one_of(node.args, functions):
            yield "a function handed over"
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield from _of_loops(statement)


def _names_one_of(nodes: list[ast.expr], functions: set[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in functions for one in nodes)


def _of_class(node: ast.ClassDef) -> Iterator[str]:
    if any(isinstance(one, ast.FunctionDef) and one.name in FORWARD for one in node.body):
        yield "a class with a forward pass"
    if any(isinstance(one, ast.Call) and ast.unparse(one.func) == "super().__init__" for one in ast.walk(node)):
        yield "super().__init__()"


def _of_loops(statement: ast.stmt) -> Iterator[str]:
    for outer in (one for one in ast.walk(statement) if isinstance(one, ast.For)):
        for inner in (one for one in ast.walk(outer) if isinstance(one, ast.For) and one is not outer):
            yield "a training loop"
            if (
                isinstance(inner.iter, ast.Call)
                and ast.unparse(inner.iter.func) == "range"
                and len(inner.iter.args) > 2
            ):
                yield "batches cut by hand"
