"""LiteRT for one sample, as runtimes for microcontrollers need it: litert-torch is asked for nothing else anyway."""

from __future__ import annotations

from paragone.frameworks.torch.formats.litert import NEEDS, write

__all__ = ["NEEDS", "write"]
