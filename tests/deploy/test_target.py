"""A target's file: read without running it, light at its top, and a whole script."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from paragone.deploy.environments import environment_of, own_place
from paragone.deploy.formats import FORMATS
from paragone.deploy.target import Target, chosen, targets
from paragone.deploy.writers import why_not, written_by
from paragone.errors import InputError
from paragone.frameworks.registry import frameworks

NAMES = sorted(targets())


@pytest.mark.parametrize("name", NAMES)
def test_a_target_imports_only_what_every_environment_has(name: str) -> None:
    tree = ast.parse(targets()[name].source)
    found = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    tops = {str(each).partition(".")[0] for each in found}
    assert tops <= {*sys.stdlib_module_names, "numpy"}


@pytest.mark.parametrize("name", NAMES)
def test_a_target_reads_known_formats_that_some_framework_writes(name: str) -> None:
    target = targets()[name]
    assert set(target.formats) <= set(FORMATS)
    assert any(set(target.formats) & written_by(framework) for framework in frameworks())
    compile(target.script(), name, "exec")
    assert "https://" in (ast.get_docstring(ast.parse(target.source)) or "")


@pytest.mark.parametrize("framework", sorted(frameworks()))
def test_a_framework_that_writes_nothing_for_a_target_says_why(framework: str) -> None:
    for target in targets().values():
        if not set(target.formats) & written_by(framework):
            why = why_not(framework, target.formats)
            assert len(why) > 20 and "has no writer" not in why, target.name


def test_a_target_that_is_based_on_another_is_it_with_its_own_words_and_constants() -> None:
    base, own = (ast.parse(targets()[name].source) for name in ("openvino", "openvino_float32"))
    assert ast.get_docstring(own) != ast.get_docstring(base)
    ways: dict[str, object] = {}
    exec(compile(own, "own", "exec"), ways)
    assert ways["OPTIONS"] == {"INFERENCE_PRECISION_HINT": "f32"} and ways["TITLE"] == "OpenVINO, float32"
    functions = [[ast.dump(node) for node in tree.body if isinstance(node, ast.FunctionDef)] for tree in (base, own)]
    assert functions[0] == functions[1] and len(functions[0]) == 2
    assert "BASED_ON" not in targets()["openvino_float32"].script()


def test_reading_the_targets_imports_no_runtime() -> None:
    code = (
        "import sys; from paragone.deploy.target import targets; targets(); "
        "heavy = ('onnxruntime', 'openvino', 'tensorflow', 'torch', 'jax', 'ai_edge_litert'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_names_are_looked_up() -> None:
    assert [one.name for one in chosen(())] == NAMES
    assert [one.name for one in chosen(("all", "litert"))] == NAMES
    assert [one.name for one in chosen(("litert", "onnxruntime", "litert"))] == ["litert", "onnxruntime"]
    with pytest.raises(InputError, match="did you mean openvino"):
        chosen(("open-vino",))


def made_up(*packages: str, programs: tuple[str, ...] = ()) -> Target:
    return Target("made_up", "Made up", ("onnx",), packages, "float32", "", programs)


def test_what_is_missing_is_said_and_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = environment_of(made_up("no-such-package-anywhere>=2"), install=False, say=print)
    assert "no-such-package-anywhere>=2" in found.missing and "--install" in found.missing
    assert not list(tmp_path.iterdir())
    lacking = environment_of(made_up("numpy", programs=("no-such-program",)), install=False, say=print)
    assert "no-such-program" in lacking.missing
    here = environment_of(made_up("numpy>=1"), install=False, say=print)
    assert (here.python, list(here.packages), here.missing) == (sys.executable, ["numpy"], "")


def test_an_environment_that_was_made_is_found_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Here it is one with a package that this interpreter has not."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    target = made_up("a-package-of-its-own")
    place = own_place(target)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, timeout=120)
    (site,) = place.glob("lib/python*/site-packages")
    (site / "a_package_of_its_own-3.2.dist-info").mkdir()
    (site / "a_package_of_its_own-3.2.dist-info" / "METADATA").write_text("Name: a-package-of-its-own\nVersion: 3.2\n")
    assert environment_of(target, install=False, say=print).missing  # not yet whole
    (place / "made").touch()
    found = environment_of(target, install=False, say=print)
    assert Path(found.python) == place / "bin" / "python"
    assert dict(found.packages) == {"a-package-of-its-own": "3.2"}
    assert own_place(made_up("another")) != place


def test_an_installation_that_fails_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    said: list[str] = []
    found = environment_of(made_up("no-such-package-anywhere"), install=True, say=said.append)
    assert "could not be installed" in found.missing
    assert said == ["making an environment for Made up"]
    assert environment_of(made_up("no-such-package-anywhere"), install=False, say=print).missing
