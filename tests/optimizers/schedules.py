"""Every schedule of task files by its canonical formula, in plain Python: the factor of the rate at a step from 0.

That of a plateau depends on the losses up to the step, that of the step's own batch included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


def _down(step: int, steps: int) -> float:
    """From 1 to 0."""
    return max(0.0, 1 - step / steps)


def factor(kind: str, o: dict[str, Any], step: int) -> float:
    """What the learning rate is multiplied by."""
    alpha, fall = o.get("alpha", 0.0), o.get("factor", 0.1)
    if kind in {"warmup", "warmup_cosine", "warmup_linear"} and step < o["warmup"]:
        return float(step / o["warmup"])
    if kind in {"warmup_cosine", "warmup_linear"}:
        step, o = step - o["warmup"], {**o, "steps": o["steps"] - o["warmup"]}
    if kind in {"cosine", "warmup_cosine"}:
        return float(alpha + (1 - alpha) * math.cos(math.pi / 2 * (1 - _down(step, o["steps"]))) ** 2)
    if kind in {"polynomial", "warmup_linear"}:
        return float(alpha + (1 - alpha) * _down(step, o["steps"]) ** o.get("power", 1.0))
    times = {
        "step": lambda: step // o["every"],
        "exponential": lambda: step / o["steps"],
        "constant": lambda: 0,
        "warmup": lambda: 0,
    }
    times["piecewise"] = lambda: sum(step >= boundary for boundary in o["boundaries"])
    return math.exp(math.log(fall) * times[kind]())


def plateau(o: dict[str, Any], losses: Sequence[float]) -> float:
    """What the learning rate is multiplied by, from the losses of all updates up to this one."""
    every, patience, cooldown = o["every"], o.get("patience", 10), o.get("cooldown", 0)
    share, margin = o.get("threshold", 1e-4), 0.0
    if o.get("threshold_mode") == "absolute":
        share, margin = 0.0, share
    means = [math.fsum(losses[i : i + every]) / every for i in range(0, len(losses) - every + 1, every)]
    scale, best, bad, deaf_until = 1.0, math.inf, 0, -1
    for number, mean in enumerate(means):
        bad = 0 if mean < best * (1 - share) - margin else bad + 1
        best = mean if bad == 0 else best
        if number <= deaf_until:
            bad = 0
        elif bad == patience:
            scale, bad, deaf_until = max(scale * o.get("factor", 0.1), o.get("alpha", 0.0)), 0, number + cooldown
    return scale
