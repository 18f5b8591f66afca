"""Where a file says GELU, and GELU written out for TensorFlow, whose own has float32 constants."""

from __future__ import annotations

import ast

from paragone.activations.gelu import EXACT, TANH
from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode
from paragone.fixes.source import dotted

NAMES = frozenset({"gelu", "GELU"})
OPS = ("keras.ops", "keras._tf_keras.keras.ops")


def gelu_written_out(side: SideCode) -> None:
    """Bring the function into the file, in the form that is wanted, and use it in the place of the framework's own.

    Raises:
        UnfixableError: the file says it in a way that cannot be seen.
    """
    helper = TANH if wanted_form(side) else EXACT
    calls = side.calls_of(lambda callee: callee.name == "gelu")
    if any(len(node.args) != 1 or node.keywords for node, _ in calls):
        raise UnfixableError("gelu is called with more than its input")
    places = [*(node.func for node, _ in calls), *(node for node, _ in mentions_of(side, frozenset({"gelu"})))]
    if not places:
        raise UnfixableError("no call in the file says gelu")
    before = min((side.source.statement(node) for node in places), key=lambda statement: statement.lineno)
    side.draft.module(OPS, "ops", "from keras import ops", before)
    side.draft.module(("math",), "math", "import math", before)
    name = side.draft.helper(helper.name, helper.source, before)
    for node in places:
        side.draft.replace(node, name)


def wanted_form(side: SideCode) -> bool:
    """Whether every GELU of the side is to be the tanh approximation.

    Raises:
        UnfixableError: some are to be, and others not.
    """
    places = [trait.where for trait in side.subject.traits if trait.name == "approximate"]
    forms = {bool(side.value(where, "approximate")) for where in places}
    if len(forms) > 1:
        raise UnfixableError("the file uses GELU in several places, and only some of them are to be changed")
    return forms.pop() if forms else False


def mentions_of(side: SideCode, names: frozenset[str]) -> list[tuple[ast.expr, str]]:
    """Where a function is handed on without being called; in Keras also by a text, `activation="gelu"`."""
    called = {call.func for call in side.source.calls}
    found: list[tuple[ast.expr, str]] = []
    for text, node in side.source.names():
        callee = side.callee(text)
        if callee and callee.name in names and node not in called and not callee.name[:1].isupper():
            found.append((node, text))
    if side.framework == "tensorflow":
        found += [(node, f"{side.keras(node)}.activations.{name}") for node, name in _texts(side, names)]
    return found


def _texts(side: SideCode, names: frozenset[str]) -> list[tuple[ast.Constant, str]]:
    """Texts that name the function in the arguments of Keras' own classes and functions."""
    found = []
    for call in side.source.calls:
        if side.home(dotted(call.func)).split(".")[0] == "keras":
            given = (*call.args, *(item.value for item in call.keywords))
            texts = [node for node in given if isinstance(node, ast.Constant)]
            found += [(node, str(node.value)) for node in texts if node.value in names]
    return found
