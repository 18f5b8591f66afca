"""The orchestrator imports no framework, and the command line starts with next to nothing."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
import time

import paragone

FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "torch", "jax", "jaxlib", "flax", "optax")
HEAVY = (*FRAMEWORKS, "numpy", "scipy", "sklearn", "pyarrow", "pydantic", "rich", "matplotlib", "jinja2", "pygments")

# What runs only in a process of its own: the framework folders but for their descriptors, and what they share.
IN_A_WORKER = (
    *(f"paragone.frameworks.{name}." for name in ("tensorflow", "torch", "jax")),
    "paragone.workers.child",
    "paragone.workers.operations",
    "paragone.task.data.call",
)
LIGHT_BESIDE_THE_WORKER = (".descriptor", ".recipe", ".formats")


def loaded_after(statements: str) -> set[str]:
    """Top-level modules in a fresh interpreter after these statements."""
    code = f"import json, sys\n{statements}\nprint(json.dumps(sorted({{n.partition('.')[0] for n in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def orchestrator_modules() -> list[str]:
    found = [module.name for module in pkgutil.walk_packages(paragone.__path__, "paragone.", onerror=None)]
    return [name for name in found if not name.startswith(IN_A_WORKER) or name.endswith(LIGHT_BESIDE_THE_WORKER)]


def test_the_walk_finds_the_modules() -> None:
    names = orchestrator_modules()
    assert {"paragone.cli", "paragone.records", "paragone.frameworks.registry", "paragone.task.data.load"} <= set(names)
    assert "paragone.frameworks.torch.descriptor" in names
    assert "paragone.frameworks.torch.recipe" in names
    assert "paragone.frameworks.torch.probe" not in names


def test_no_module_of_the_orchestrator_imports_a_framework() -> None:
    statements = "\n".join(f"import {name}" for name in orchestrator_modules())
    assert loaded_after(statements).isdisjoint(FRAMEWORKS)


def test_the_check_would_notice_a_framework() -> None:
    assert "torch" in loaded_after("import paragone.frameworks.torch.probe")


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert loaded_after("import paragone").isdisjoint(HEAVY)


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    assert loaded_after("import paragone.cli").isdisjoint(HEAVY)


def test_help_imports_nothing_heavy() -> None:
    statements = (
        "import contextlib, io\nfrom paragone.cli import cli\n"
        "for words in ([], ['--help'], ['--version'], ['compare', '--help']):\n"
        "    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        "        with contextlib.suppress(SystemExit): cli(words)"
    )
    before = time.perf_counter()
    loaded = loaded_after(statements)
    print(f"help, twice, with its interpreter: {time.perf_counter() - before:.2f} s")
    assert loaded.isdisjoint(HEAVY)


def test_a_task_is_shown_without_arrays() -> None:
    statements = (
        "import contextlib, io\nfrom paragone.cli import cli\nwith contextlib.redirect_stdout(io.StringIO()):\n"
        "    with contextlib.suppress(SystemExit): cli(['show', 'shapes-unet'])"
    )
    loaded = loaded_after(statements)
    assert "jinja2" in loaded
    assert loaded.isdisjoint((*FRAMEWORKS, "numpy", "scipy", "sklearn", "pyarrow", "matplotlib"))


def test_the_list_of_frameworks_is_read_without_them() -> None:
    statements = """
from paragone.frameworks.registry import frameworks
assert {"tensorflow", "torch", "jax"} <= set(frameworks())"""
    assert loaded_after(statements).isdisjoint(HEAVY)


def test_the_public_names_are_these() -> None:
    assert set(paragone.__all__) == {
        "InputError",
        "NotSameError",
        "ParagoneError",
        "Run",
        "SideError",
        "WorkerFailure",
        "__version__",
        "assert_same",
        "check",
        "compare",
        "load",
    }
    assert all(getattr(paragone, name) is not None for name in ("InputError", "ParagoneError", "SideError"))
