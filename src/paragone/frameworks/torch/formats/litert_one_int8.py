"""LiteRT in int8 for one sample, as runtimes for microcontrollers need it: litert-torch is asked for nothing else."""

from __future__ import annotations

from paragone.frameworks.torch.formats.litert_int8 import CALIBRATED, NEEDS, write

__all__ = ["CALIBRATED", "NEEDS", "write"]
