"""The functions by which a side's own step clips its gradients: seen while it runs once."""

from __future__ import annotations

from typing import Any

from torch.nn import utils

from paragone.frameworks.stand_in import StandIn


class Clip(StandIn):
    """Remembers the limit of its last call.

    Args:
        own: PyTorch's function; its second argument is the limit.
        keyword: that argument's name.
    """

    def __init__(self, own: Any, keyword: str):
        self._keyword = keyword
        super().__init__(own)

    def reset(self) -> None:
        """No call seen."""
        super().reset()
        self.limit: float | None = None

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Note the limit and pass the call on."""
        self.limit = float(args[1] if len(args) > 1 else kwargs[self._keyword])
        return super().call(*args, **kwargs)


CLIPS = {
    "clip_grad_norm_": Clip(utils.clip_grad_norm_, "max_norm"),
    "clip_grad_value_": Clip(utils.clip_grad_value_, "clip_value"),
}
"""torch/nn/utils/clip_grad.py, torch 2.13."""


def install() -> None:
    """Stand in for them."""
    for name, clip in CLIPS.items():
        clip.reset()
        clip.install(name, utils, utils.clip_grad)
