"""Simple detectors: what people look at who port a model, on what both sides gave from the same weights in float64.

No rounding hides anything from them, which is generous: in float32 they would see less, or cry wolf.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Arrays = Mapping[str, np.ndarray[Any, Any]]
Detector = Callable[[Arrays, Arrays, int], bool]
BY_EYE = 0.01
"""The share of a loss that is seen in a plot."""


def outputs(a: Arrays, b: Arrays, _steps: int) -> bool:
    """`np.allclose` on the outputs in evaluation mode, with its own tolerances."""
    return _far(a, b, "forward/")


def loss_curves(a: Arrays, b: Arrays, _steps: int) -> bool:
    """The training losses of all steps laid over each other: somewhere more than 1 % apart."""
    return not np.allclose(a["curve"], b["curve"], rtol=BY_EYE, atol=0.0)


def losses(a: Arrays, b: Arrays, _steps: int) -> bool:
    """`np.allclose` on the training losses of all steps."""
    return not np.allclose(a["curve"], b["curve"])


def weights(a: Arrays, b: Arrays, steps: int) -> bool:
    """`np.allclose` on all weights after ten steps."""
    return _far(a, b, f"weights/{steps}/")


def _far(a: Arrays, b: Arrays, prefix: str) -> bool:
    names = [name for name in a if name.startswith(prefix)]
    return any(name not in b or a[name].shape != b[name].shape or not np.allclose(a[name], b[name]) for name in names)


DETECTORS: dict[str, Detector] = {
    "allclose on outputs": outputs,
    "loss curves, 1 %": loss_curves,
    "allclose on losses": losses,
    "allclose on weights after ten steps": weights,
}


def seen(traces: tuple[Any, ...], steps: int) -> dict[str, bool | None]:
    """What each detector says; None where the sides could not be compared at all."""
    if len(traces) != 2 or any("curve" not in trial.arrays for trial in traces):
        return dict.fromkeys(DETECTORS)
    a, b = (trial.arrays for trial in traces)
    return {name: bool(detector(a, b, steps)) for name, detector in DETECTORS.items()}
