"""LiteRT for Microcontrollers (TFLM), its reference kernels on this machine, with weights and activations in int8.

https://github.com/tensorflow/tflite-micro/blob/main/python/tflite_micro/README.md
"""

from __future__ import annotations

BASED_ON = "tflite_micro"
TITLE = "LiteRT for Microcontrollers, int8"
FORMATS = ("litert_one_int8",)
PRECISION = "int8"
