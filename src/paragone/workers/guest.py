"""The start of a worker in another Python than ours: it takes this package from where it stands, and nothing else.

Our folder is not put on the path of modules there: it may hold our own frameworks, beside which those of the other
environment would not be seen. Run as `python -P path/to/guest.py FD`.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def main() -> None:
    """Make `paragone` importable, and serve as `paragone.workers.child` does."""
    spec = importlib.util.spec_from_file_location(
        "paragone", PACKAGE / "__init__.py", submodule_search_locations=[str(PACKAGE)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["paragone"] = module
    spec.loader.exec_module(module)
    runpy.run_module("paragone.workers.child", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
