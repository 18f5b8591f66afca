"""Adam with epsilon before the bias correction, as an intervention on PyTorch's own Adam."""

from __future__ import annotations

from typing import Any


class EpsilonBefore:
    """Gives `torch.optim.Adam` Keras' place of epsilon, exactly.

    PyTorch divides by sqrt(v) / sqrt(c2) + epsilon with c2 = 1 - beta_2^t. With epsilon / sqrt(c2) in each step, that
    is (sqrt(v) + epsilon) / sqrt(c2): the form of Keras (see `paragone.optimizers.adam`).
    """

    def __init__(self, optimizer: Any):
        self._base: dict[int, float] = {}
        optimizer.register_step_pre_hook(self._before)
        optimizer.register_step_post_hook(self._after)

    def _before(self, optimizer: Any, *_: Any) -> None:
        for index, group in enumerate(optimizer.param_groups):
            states = [optimizer.state[p] for p in group["params"] if p in optimizer.state]
            step = 1 + max((int(state["step"]) for state in states if "step" in state), default=0)
            self._base[index] = group["eps"]
            group["eps"] = group["eps"] / (1.0 - group["betas"][1] ** step) ** 0.5

    def _after(self, optimizer: Any, *_: Any) -> None:
        for index, group in enumerate(optimizer.param_groups):
            group["eps"] = self._base[index]
