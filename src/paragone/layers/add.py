"""Sum of several values.

Keras' layer takes a list (keras/src/layers/merging/add.py, 3.15); PyTorch and JAX add.
"""

from __future__ import annotations

from paragone.spelling.merging import joined, keras_sum, merging

LAYER = merging("add", "a + b + …", keras_sum("Add"), joined("+"), joined("+"), rows=("C11",))
