"""Difference of two values.

Keras' layer takes a list of two (keras/src/layers/merging/subtract.py, 3.15); PyTorch and JAX subtract.
"""

from __future__ import annotations

from paragone.spelling.merging import joined, keras_merge, merging

LAYER = merging("subtract", "a - b", keras_merge("Subtract"), joined("-"), joined("-"), most=2)
