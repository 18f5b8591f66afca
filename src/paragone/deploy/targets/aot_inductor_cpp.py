r"""AOTInductor in a program of C++, without Python: https://docs.pytorch.org/docs/2.13/torch.compiler_aot_inductor.html.

The program is compiled here at the first load. By hand, where TORCH is the folder of the package `torch`:

    g++ -std=c++20 -O1 -I$TORCH/include aot_inductor_cpp.cpp -o aot_inductor_cpp \
        -L$TORCH/lib -ltorch -ltorch_cpu -lc10 -Wl,-rpath,$TORCH/lib

It is spoken to over its standard input and output, as `framing.py` describes.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "AOTInductor in C++"
FORMATS = ("aot_inductor",)
PACKAGES = ("torch",)
PROGRAMS = ("g++",)
BESIDE = ("aot_inductor_cpp.cpp", "compiling.py", "framing.h", "framing.py")

Array = np.ndarray[Any, Any]

_took: dict[Path, float] = {}


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    compiling = runpy.run_path(str(folder / "compiling.py"))
    torch = compiling["package"]("torch")
    compiler = ("g++", "-std=c++20", "-O1", f"-I{torch / 'include'}")
    libraries = (f"-L{torch / 'lib'}", "-ltorch", "-ltorch_cpu", "-lc10", f"-Wl,-rpath,{torch / 'lib'}")
    program, _took[folder] = compiling["compiled"](folder / "aot_inductor_cpp.cpp", compiler, libraries)
    started: Callable[[Sequence[Array]], list[Array]] = runpy.run_path(str(folder / "framing.py"))["Program"](
        [str(program), str(folder / "model.pt2")]
    )
    return started


def facts(folder: Path) -> dict[str, float]:
    """Seconds that the compilation of the program took, which its start does not hold."""
    return {"compile_s": _took[folder]}
