"""The place of epsilon in Adam: a subclass that has the other one."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import UnfixableError, spelled_of
from paragone.fixes.side import SideCode
from paragone.optimizers.adam import AFTER, EXACT, EXACT_AMSGRAD

_KERAS_FORM = '''
class KerasAdam({base}):
    """Adam with epsilon before the bias correction, as Keras adds it."""

    def step(self, closure=None):
        given = [group["eps"] for group in self.param_groups]
        for group in self.param_groups:
            done = max((int(self.state[p]["step"]) for p in group["params"] if "step" in self.state[p]), default=0)
            group["eps"] = group["eps"] / (1.0 - group["betas"][1] ** (done + 1)) ** 0.5
        loss = super().step(closure)
        for group, eps in zip(self.param_groups, given):
            group["eps"] = eps
        return loss
'''
"""PyTorch divides by sqrt(v) / sqrt(c2) + eps, c2 = 1 - beta_2^t (torch/optim/adam.py, 2.13)."""


def change(side: SideCode, _where: str, _name: str, value: Any) -> None:
    """Replace the class by a subclass of it."""
    call = side.optimizer()
    statement = side.source.statement(call.node)
    base = call.spelled or spelled_of(call.node)
    if side.framework == "tensorflow" and value == AFTER:
        helper = EXACT_AMSGRAD if side.value("optimizer", "amsgrad") else EXACT
        side.draft.module(("keras.ops", "keras._tf_keras.keras.ops"), "ops", "from keras import ops", statement)
        text = helper.source.replace("keras.optimizers.Adam", base)
        call.spelled = side.draft.helper(helper.name, text, statement)
    elif side.framework == "torch" and value != AFTER:
        call.spelled = side.draft.helper("KerasAdam", _KERAS_FORM.format(base=base), statement)
    else:
        raise UnfixableError("there is no short form of it in this framework")


CHANGE = change
