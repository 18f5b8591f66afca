"""The doctor: what it says of frameworks that are there, missing, broken or hanging, and of programs."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from paragone import doctor
from paragone.frameworks.descriptor import Descriptor
from paragone.frameworks.registry import frameworks

MADE_UP = Descriptor(
    id="made_up",
    title="Made up",
    modules=("made_up",),
    distributions=("numpy",),
    install="pip install made-up",
    worker="made_up.worker",
    backend="made_up",
    probe="made_up_probe",
)


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "made_up_probe.py"


def test_every_installed_framework_is_ok_and_names_its_devices() -> None:
    for descriptor in frameworks().values():
        check = doctor.check_framework(descriptor)
        assert (check.status, check.why, check.get) == ("ok", "", "")
        assert set(check.packages) == set(descriptor.distributions)
        assert any("cpu" in device for device in check.devices)


def test_a_framework_that_is_not_installed() -> None:
    check = doctor.check_framework(dataclasses.replace(MADE_UP, distributions=("numpy", "surely-not-installed")))
    assert (check.status, check.why) == ("missing", "not installed: surely-not-installed")
    assert check.get == "pip install made-up"


def test_a_framework_that_answers(probe: Path) -> None:
    probe.write_text("print('noise'); print('[\"cpu:0\", \"tpu:0\"]')")
    assert doctor.check_framework(MADE_UP).devices == ("cpu:0", "tpu:0")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise ImportError('libfoo.so is missing')", "ImportError: libfoo.so is missing"),
        ("print('hello')", "it did not say which devices it has"),
        ("", "it did not say which devices it has"),
        ("raise SystemExit(5)", "exit 5"),
    ],
)
def test_a_framework_that_is_broken(probe: Path, code: str, why: str) -> None:
    probe.write_text(code)
    check = doctor.check_framework(MADE_UP)
    assert (check.status, check.why, check.get) == ("broken", why, "pip install made-up --force-reinstall")


def test_a_framework_that_hangs(probe: Path) -> None:
    probe.write_text("import time; time.sleep(60)")
    assert doctor.check_framework(MADE_UP, timeout_s=1.0).why == "no answer within 1 s"


def test_programs() -> None:
    assert doctor.check_tool("shell", ("nowhere", "bash"), "the test", "get it").found
    missing = doctor.check_tool("shell", ("nowhere",), "the test", "get it")
    assert (missing.found, missing.get) == (False, "get it")


def test_what_is_missing_is_told_with_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = dataclasses.replace(MADE_UP, distributions=("surely-not-installed",))
    monkeypatch.setattr(doctor, "frameworks", lambda: {"made_up": absent})
    monkeypatch.setattr(doctor, "TOOLS", (("anvil", ("no-such-anvil",), "the forge", "apt-get install anvil"),))
    checkup = doctor.examine()
    assert checkup.missing == ("Made up: pip install made-up", "anvil, for the forge: apt-get install anvil")
    text = "\n".join(doctor.lines(checkup))
    assert all(item in text for item in checkup.missing)
    assert doctor.Checkup.model_validate_json(checkup.model_dump_json()) == checkup


def test_nothing_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "frameworks", dict)
    monkeypatch.setattr(doctor, "TOOLS", ())
    assert doctor.lines(doctor.examine())[-1] == "Nothing is missing."
