"""Dropout: zero a share `rate` of the values while training and scale the others by 1 / (1 - rate).

It has no weights. All three frameworks use the inverted form, so the expectation is the same; the masks never are, so
a proof switches it off on every side and compares the rate by itself.
"""

from __future__ import annotations

from paragone.layers.base import Attribute, LayerKind, Spelling


def _spelling(attribute: str, *classes: str) -> Spelling:
    return Spelling(classes, (), (Attribute("rate", attribute, "dropout-rate", "F11"),))


LAYER = LayerKind(
    "dropout",
    {
        "tensorflow": _spelling("rate", "Dropout", "SpatialDropout1D", "SpatialDropout2D"),
        "torch": _spelling("p", "_DropoutNd"),
        "jax": _spelling("rate", "Dropout"),
    },
)
