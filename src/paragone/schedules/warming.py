"""The options of schedules that warm up and then fall."""

from __future__ import annotations

from pydantic import model_validator

from paragone.schedules.shared import Share
from paragone.spelling.entry import Options, Size


class Warming(Options):
    """Options: `warmup` steps up, and down to the fraction `alpha` until `steps`."""

    warmup: Size
    steps: Size
    alpha: Share = 0.0

    @model_validator(mode="after")
    def _long_enough(self) -> Warming:
        if self.steps <= self.warmup:
            raise ValueError(f"steps beyond the {self.warmup} steps of the warm-up, which they include")
        return self
