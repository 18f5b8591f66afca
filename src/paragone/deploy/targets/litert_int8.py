"""LiteRT with weights and activations in int8; what goes in and comes out is float32.

https://ai.google.dev/edge/litert/conversion/tensorflow/quantization/post_training_quantization (LiteRT 2.3)
"""

from __future__ import annotations

BASED_ON = "litert"
TITLE = "LiteRT, int8"
FORMATS = ("litert_int8",)
PRECISION = "int8"
