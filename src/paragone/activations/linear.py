"""Linear: the value itself.

An activation in Keras only (`linear`, 3.15); elsewhere nothing is written.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "linear",
    "x",
    named("linear"),
    called("{0}"),
    called("{0}"),
)
