"""Another activation after a layer: the argument of Keras that names it, or the one call on its line.

Only activations that have nothing to be set are written: which slope or form another has is not told by its name.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from paragone.calls.places import NONE
from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode
from paragone.fixes.source import dotted

PLAIN = ["relu", "relu6", "tanh", "sigmoid", "silu", "softplus", "softsign", "mish", "selu"]
"""Names of Keras, torch.nn.functional and flax.nnx; but for those below they are called alike."""
_CLASSES: Mapping[str, str] = {
    **{"relu": "ReLU", "relu6": "ReLU6", "tanh": "Tanh", "sigmoid": "Sigmoid", "silu": "SiLU", "softplus": "Softplus"},
    **{"softsign": "Softsign", "mish": "Mish", "selu": "SELU"},
}
"""Of torch.nn (2.13)."""
_IN_JAX = {"softsign": "soft_sign", "mish": ""}
"""Of flax.nnx (0.12), which has no Mish."""


def change(side: SideCode, where: str, name: str, value: Any) -> None:
    """Name the other activation in the place of this one.

    Raises:
        UnfixableError: it has settings, or the file says its activation in another way.
    """
    wanted = str(value)
    if wanted not in (*PLAIN, NONE):
        raise UnfixableError(f"{wanted} is more than a name")
    trait = next(trait for trait in side.subject.traits if (trait.where, trait.name) == (where, name))
    if side.framework == "tensorflow" and _named_in_keras(side, where, wanted, bare=trait.value == NONE):
        return
    found = [node for node in side.source.calls if node.lineno == trait.line]
    places = [pair for node in found if (pair := _other(side, node, str(trait.value), wanted))]
    if len(places) != 1:
        raise UnfixableError(f"line {trait.line} does not call {trait.value} alone by its name")
    side.draft.replace(*places[0])


def _named_in_keras(side: SideCode, where: str, wanted: str, *, bare: bool) -> bool:
    """Give the argument `activation` of the layer, where the layer has it, or has no activation yet."""
    for call in side.layer(where):
        given = call.given("activation")
        if given is None and not (bare and call.callee.takes("activation")):
            return False
        if given is not None and not isinstance(given, ast.Constant):
            raise UnfixableError("the activation is not named by a text")
        call.set(side.source, "activation", "None" if wanted == NONE else f'"{wanted}"')
    return True


def _other(side: SideCode, call: ast.Call, now: str, wanted: str) -> tuple[ast.expr, str] | None:
    """What is written in the place of what; None where the call is not the activation as it is."""
    owner, _, own = dotted(call.func).rpartition(".")
    if not owner or side.callee(f"{owner}.{own}") is None:
        return None
    if side.framework == "torch" and own == _CLASSES.get(now, now.upper()):
        return call, f"{owner}.{_CLASSES.get(wanted, 'Identity')}()"
    alone = len(call.args) == 1 and not call.keywords  # its settings are none of the other's
    other = _IN_JAX.get(wanted, wanted) if side.framework == "jax" else wanted
    return (call.func, f"{owner}.{other}") if own == now and alone and other and wanted != NONE else None


CHANGE = change
