"""The files that AutoGraph writes: one for each function that it converts, in the folder for temporary files.

TensorFlow removes them when Python ends (`load_source` of tensorflow/python/autograph/pyct/loader.py, 2.21), which a
worker never does: it is killed. So each is removed as soon as it is loaded; its lines stay known, for tracebacks.
"""

from __future__ import annotations

import linecache
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any


def leave_no_files() -> None:
    """From now on what AutoGraph writes is removed once it is loaded; nothing changes where TensorFlow has it not."""
    try:
        from tensorflow.python.autograph.pyct import loader
    except ImportError:
        return
    own = loader.load_source
    if getattr(own, "__wrapped__", None) is not None:
        return

    @wraps(own)
    def load_source(source: str, *args: Any, **kwargs: Any) -> tuple[ModuleType, str]:
        module, name = own(source, *args, **kwargs)
        Path(name).unlink(missing_ok=True)
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        return module, name

    loader.load_source = load_source
