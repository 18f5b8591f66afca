"""Product of several values, element by element.

Keras' layer takes a list (keras/src/layers/merging/multiply.py, 3.15); PyTorch and JAX multiply.
"""

from __future__ import annotations

from paragone.spelling.merging import joined, keras_merge, merging

LAYER = merging("multiply", "a · b · …", keras_merge("Multiply"), joined("*"), joined("*"))
