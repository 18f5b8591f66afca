"""The beginning of a snippet in Keras on PyTorch."""

from __future__ import annotations

from paragone.frameworks.tensorflow.elsewhere.snippet import template_on

TEMPLATE = template_on("torch")
