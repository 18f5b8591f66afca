"""The names that Keras itself gives to the operations of a functional model.

A function or an operator on the values of a functional model becomes an operation, named after it: `mean`, and then
`mean_1` (keras/src/ops/operation.py and keras/src/utils/naming.py, 3.15). No layer of the model may have such a name
(keras/src/ops/function.py, 3.15: "All operation names should be unique").
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping

_OPERATORS: Mapping[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "true_divide",
    ast.Pow: "power",
    ast.MatMult: "matmul",
    ast.USub: "negative",
    ast.Invert: "logical_not",
    ast.BitAnd: "logical_and",
    ast.BitOr: "logical_or",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.NotEq: "not_equal",
}
_OTHERWISE = {"abs": "absolute", "hard_swish": "hard_silu", "swish": "silu"}
"""Functions whose operation is called otherwise."""
_WORD = re.compile(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")
"""Where a word begins in the name of a class."""


def operation_names(body: str, helpers: Iterable[str]) -> set[str]:
    """The names of the operations of a model, or a few more.

    Args:
        body: the statements that make the model.
        helpers: source of the functions that they may call.
    """
    trees = [ast.parse(text) for text in helpers]
    functions = {one.name: one for tree in trees for one in tree.body if isinstance(one, ast.FunctionDef)}
    counts = _counted(ast.parse(body), functions)
    return {f"{name}_{number}" if number else name for name, count in counts.items() for number in range(count)}


def _counted(tree: ast.AST, functions: Mapping[str, ast.FunctionDef]) -> Counter[str]:
    """How often each operation is made; what is computed of plain numbers is counted too."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="ops"), attr=name)):
                found[_OTHERWISE.get(name, name)] += 1
            case ast.Call(func=ast.Attribute(value=ast.Name(id="layers"), attr=name), keywords=words):
                if "name" not in {word.arg for word in words}:
                    found[_WORD.sub("_", name).lower()] += 1
            case ast.Call(func=ast.Name(id=name)) if name in functions:
                found += _counted(functions[name], functions)
            case ast.Subscript():
                found["get_item"] += 1
            case ast.UnaryOp(operand=ast.Constant()):
                pass
            case ast.BinOp(op=op) | ast.UnaryOp(op=op) | ast.Compare(ops=[op]) if type(op) in _OPERATORS:
                found[_OPERATORS[type(op)]] += 1
            case _:
                pass
    return found
