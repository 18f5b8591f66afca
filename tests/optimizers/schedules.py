"""Every schedule of task files by its canonical formula, in plain Python: the factor of the rate at a step from 0."""

from __future__ import annotations

import math
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
