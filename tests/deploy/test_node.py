"""Packages from npm: found where they were installed, installed only where that was asked for; npm is stood in for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from paragone.deploy.environments import Environment, environment_of
from paragone.deploy.node import own_modules
from paragone.deploy.target import Target, targets
from paragone.doctor import check_target

NPM = f"""#!{sys.executable}
import json, pathlib, sys

pathlib.Path(__file__).with_name("asked.json").write_text(json.dumps(sys.argv[1:]))
place = pathlib.Path(sys.argv[sys.argv.index("--prefix") + 1])
for each in (each for each in sys.argv[1:] if "@" in each):
    name, _, version = each.rpartition("@")
    package = place / "node_modules" / name
    package.mkdir(parents=True)
    package.joinpath("package.json").write_text(json.dumps({{"version": version}}))
    if name == "no-such-package":
        sys.exit("npm error code E404\\nnpm error 404 no such package")
"""
NODE = "#!/bin/sh\necho v20.1.0\n"


def made_up(*npm: str, packages: tuple[str, ...] = ()) -> Target:
    return Target("made_up", "Made up", ("onnx",), packages, "float32", "", npm=npm)


def found(target: Target, *, install: bool = False, say: Callable[[str], None] = print) -> Environment:
    return environment_of(target, install=install, say=say)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts stand-ins of these programs on the path, and nothing else."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def put(**texts: str) -> Path:
        (tmp_path / "bin").mkdir(exist_ok=True)
        for name, text in texts.items():
            (tmp_path / "bin" / name).write_text(text, encoding="utf-8")
            (tmp_path / "bin" / name).chmod(0o755)
        return tmp_path / "bin"

    return put


def test_what_is_missing_is_told_in_turn(programs: Callable[..., Path], tmp_path: Path) -> None:
    target = made_up("a-package@1.2.3")
    assert found(target, install=True).missing == "the program node"
    programs(node=NODE)
    assert found(target, install=True).missing == "the program npm, which installs a-package@1.2.3"
    folder = programs(npm=NPM)
    assert found(target).missing == "a-package@1.2.3 from npm; paragone deploy --install"
    assert not (tmp_path / "cache").exists() and not (folder / "asked.json").exists()
    python = found(made_up("a-package@1.2.3", packages=("no-such-package-anywhere",)))
    assert python.missing.startswith("no-such-package-anywhere; ")


def test_packages_are_installed_once_and_found_again(programs: Callable[..., Path]) -> None:
    folder = programs(node=NODE, npm=NPM)
    target = made_up("a-package@1.2.3", "@scope/another@4.5.6")
    said: list[str] = []
    first = found(target, install=True, say=said.append)
    place = own_modules(target)
    assert said == ["making an environment for Made up"]
    assert dict(first.packages) == {"a-package": "1.2.3", "@scope/another": "4.5.6", "node": "20.1.0"}
    assert (first.python, first.missing, first.own) == (sys.executable, "", True)
    assert dict(first.variables) == {"NODE_PATH": str(place / "node_modules")}
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    assert asked[0] == "install" and "--ignore-scripts" in asked
    (folder / "npm").unlink()
    assert found(target, say=said.append) == first and len(said) == 1
    assert own_modules(made_up("a-package@1.2.4")) != place


def test_an_installation_that_fails_is_a_reason(programs: Callable[..., Path]) -> None:
    programs(node=NODE, npm=NPM)
    target = made_up("no-such-package@1.0.0")
    assert "could not be installed: npm error 404 no such package" in found(target, install=True).missing
    assert "--install" in found(target).missing


def test_doctor_shows_what_node_is_given(programs: Callable[..., Path]) -> None:
    target = targets()["onnxruntime_web"]
    assert check_target(target).needs == "the program node"
    programs(node=NODE, npm=NPM)
    assert check_target(target).status == "missing"
    found(target, install=True)
    checked = check_target(target)
    assert (checked.status, checked.packages) == (
        "own environment", {"onnxruntime-web": target.npm[0].rpartition("@")[2], "node": "20.1.0"},
    )  # fmt: skip
