"""Smallest of several values, element by element.

The same function in Keras (keras/src/layers/merging/minimum.py, 3.15), PyTorch (torch.minimum, 2.13) and JAX
(jax.numpy.minimum, 0.10). Where two values are equal, as two zeros behind ReLUs are, PyTorch and JAX share the
gradient equally, TensorFlow gives all of it to the first (tensorflow/python/ops/math_grad.py, 2.21). Canonical: equal
shares, two at a time from the left.
"""

from __future__ import annotations

from paragone.spelling.extremes import extreme

LAYER = extreme("minimum", "min(a, b, …), two at a time from the left; equal values share the gradient")
