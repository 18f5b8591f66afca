"""The fixed tolerances of the ladder in float64, where a difference of meaning cannot hide behind rounding.

They are relative (`max_rel`). Measured on the first task (examples/first_task): with its causes removed the sides are
2.4e-14 apart after 500 steps; the smallest of its causes alone moves them 1.2e-4 apart. Each tolerance stands far from
both.
"""

from __future__ import annotations

TOLERANCES: dict[str, float] = {
    "forward": 1e-10,
    "loss": 1e-10,
    "gradients": 1e-10,
    "step": 1e-9,
    "trajectory": 1e-9,
    "rate-change": 1e-9,
    "outcome": 1e-8,
}

INITIALISATION_P = 1e-4
"""Two starting distributions count as different below this p-value, divided by the number of tensors compared."""

COLLAPSE = 1e4
"""A cause must make what it explains smaller by this factor, or bring it under the tolerance."""

SMALLEST = 2.0**-52
"""What no distance is told from zero by; keeps factors finite."""

UNDECIDED = 10.0
"""Up to this many floors is neither same nor different."""

ROUNDING = 3.0
"""In float64 a tensor within this many floors is the same. A floor is the largest of many runs under rounding noise of
the weights alone; one side with its sums in another order (another number of threads) parts from itself by nearly twice
as much (gradients of DenseNet-121, PyTorch 2.13: 6e-10 with one thread against two; under the noise 3.2e-10, the
largest of eight runs)."""

GAUGE_GRADIENT = {"float64": 1e-12, "float32": 1e-5}
"""A parameter whose gradient is below this share of the largest gradient has a true gradient of zero."""

TOSSED = 0.1
"""A first step that rounding changes by more than this share has no true gradient behind it."""

FLOOR_RUNS = 16
BUILDS = 6
