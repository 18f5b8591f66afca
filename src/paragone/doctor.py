"""What is installed, what is missing, and the command that gets it.

Each framework is asked in a small process of its own, so that one that is broken, or hangs, is only a finding.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from paragone import __version__
from paragone.deploy.environments import environment_of
from paragone.deploy.formats import FORMATS
from paragone.deploy.target import Target, targets
from paragone.deploy.writers import lacking, written_by
from paragone.deploy.writing import environment_for
from paragone.errors import printable
from paragone.frameworks.descriptor import Descriptor
from paragone.frameworks.registry import frameworks
from paragone.machine import describe_machine
from paragone.records import Machine, Record

PROBE_TIMEOUT_S = 120.0
_LAST_LINE = 200


class FrameworkCheck(Record):
    """One framework as it was found on this machine."""

    id: str
    title: str
    backend: str
    status: Literal["ok", "missing", "broken"]
    packages: dict[str, str]
    devices: tuple[str, ...] = ()
    why: str = ""
    get: str = ""


class ToolCheck(Record):
    """One program that some part needs."""

    name: str
    needed_for: str
    found: bool
    get: str = ""


class TargetCheck(Record):
    """One target of `paragone deploy`, and where its runtime is: here, or in an environment of its own."""

    name: str
    title: str
    status: Literal["ok", "own environment", "missing"]
    packages: dict[str, str]
    needs: str = ""


class WriterCheck(Record):
    """Formats whose packages a framework's interpreter has not, and whether an environment beside it has them."""

    framework: str
    formats: tuple[str, ...]
    status: Literal["own environment", "missing"]
    packages: dict[str, str]
    needs: str = ""


class Checkup(Record):
    """What `paragone doctor` found."""

    paragone: str
    machine: Machine
    frameworks: tuple[FrameworkCheck, ...]
    tools: tuple[ToolCheck, ...]
    targets: tuple[TargetCheck, ...]
    writers: tuple[WriterCheck, ...]
    missing: tuple[str, ...]


TOOLS = (
    ("C++ compiler", ("g++", "clang++"), "the tuned track of PyTorch (torch.compile)", "apt-get install g++"),
    ("browser", ("chromium", "chromium-browser", "google-chrome"), "the tests of the page", "apt-get install chromium"),
    ("browser driver", ("chromedriver",), "the tests of the page", "apt-get install chromium-driver"),
)


def examine() -> Checkup:
    """Look at this machine and at every framework."""
    checks = tuple(check_framework(descriptor) for descriptor in frameworks().values())
    tools = tuple(check_tool(*tool) for tool in TOOLS)
    lacking = [f"{check.title}: {check.get}" for check in checks if check.status != "ok"]
    lacking += [f"{tool.name}, for {tool.needed_for}: {tool.get}" for tool in tools if not tool.found]
    return Checkup(
        paragone=__version__,
        machine=describe_machine({name: found for check in checks for name, found in check.packages.items()}),
        frameworks=checks,
        tools=tools,
        targets=tuple(check_target(target) for target in targets().values()),
        writers=tuple(check for each in frameworks().values() if each.formats for check in check_writers(each)),
        missing=tuple(lacking),
    )


def check_framework(descriptor: Descriptor, timeout_s: float = PROBE_TIMEOUT_S) -> FrameworkCheck:
    """Ask one framework for its versions and devices."""
    found = {name: found for name in descriptor.distributions if (found := _version(name))}
    absent = [name for name in descriptor.distributions if name not in found]
    status: Literal["ok", "missing", "broken"] = "ok"
    devices: tuple[str, ...] = ()
    why = ""
    if absent:
        status, why = "missing", f"not installed: {', '.join(absent)}"
    elif descriptor.probe:
        try:
            devices = _devices(descriptor.probe, timeout_s)
        except _ProbeError as error:
            status, why = "broken", str(error)
    return FrameworkCheck(
        id=descriptor.id,
        title=descriptor.title,
        backend=descriptor.backend,
        status=status,
        packages=found,
        devices=devices,
        why=why,
        get="" if status == "ok" else descriptor.install + (" --force-reinstall" if status == "broken" else ""),
    )


def check_tool(name: str, programs: Sequence[str], needed_for: str, get: str) -> ToolCheck:
    """Whether one of these programs is on the path."""
    found = any(shutil.which(program) for program in programs)
    return ToolCheck(name=name, needed_for=needed_for, found=found, get="" if found else get)


def check_target(target: Target) -> TargetCheck:
    """Where a target's runtime is to be had."""
    found = environment_of(target, install=False, say=lambda _text: None)
    return TargetCheck(
        name=target.name,
        title=target.title,
        status="missing" if found.missing else "own environment" if found.own else "ok",
        packages=dict(found.packages),
        needs=found.missing,
    )


def check_writers(descriptor: Descriptor) -> Iterator[WriterCheck]:
    """What a framework writes with packages that are not here."""
    formats: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(written_by(descriptor.id)):
        formats.setdefault(tuple(lacking(descriptor.id, name)), []).append(FORMATS[name].title)
    for modules, titles in formats.items():
        if modules:
            found = environment_for(descriptor.id, modules, sys.executable, install=False, say=lambda _text: None)
            yield WriterCheck(
                framework=descriptor.title,
                formats=tuple(titles),
                status="missing" if found.missing else "own environment",
                packages=dict(found.packages),
                needs=found.missing,
            )


def lines(checkup: Checkup) -> list[str]:
    """The checkup for a person to read."""
    machine = checkup.machine
    text = [
        f"Paragone {checkup.paragone}, Python {machine.python}, {machine.system}",
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_bytes / 2**30:.1f} GiB of memory",
        *(f"accelerator: {accelerator}" for accelerator in machine.accelerators),
        "",
        "Frameworks",
    ]
    for check in checkup.frameworks:
        text.append(f"  {check.title:<20} {check.status:<8} {_told(check.packages)}")
        text += [f"  {'':<20} {'':<8} on {', '.join(check.devices)}"] if check.devices else []
        text += [f"  {'':<20} {'':<8} {check.why}"] if check.why else []
    text += ["", "Targets of paragone deploy"]
    text += [f"  {one.title:<24} {one.status:<15} {one.needs or _told(one.packages)}" for one in checkup.targets]
    for each in checkup.writers:
        title = f"{each.framework}: {', '.join(each.formats)}"
        text.append(f"  {title:<24} {each.status:<15} {each.needs or _told(each.packages)}")
    text += ["", "Programs"]
    text += [f"  {tool.name:<20} {'ok' if tool.found else 'missing'}" for tool in checkup.tools]
    text += (
        ["", "Missing", *(f"  {item}" for item in checkup.missing)] if checkup.missing else ["", "Nothing is missing."]
    )
    return [printable(line) for line in text]


def _told(packages: dict[str, str]) -> str:
    return ", ".join(f"{name} {found}" for name, found in packages.items())


class _ProbeError(Exception):
    """A framework did not answer."""


def _devices(probe: str, timeout_s: float) -> tuple[str, ...]:
    try:
        answer = subprocess.run(
            [sys.executable, "-m", probe],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _ProbeError(f"no answer within {timeout_s:.0f} s") from error
    if answer.returncode != 0:
        said = answer.stderr.strip().splitlines() or [f"exit {answer.returncode}"]
        raise _ProbeError(said[-1][:_LAST_LINE])
    try:
        return tuple(str(device) for device in json.loads(answer.stdout.strip().splitlines()[-1]))
    except (ValueError, IndexError, TypeError) as error:
        raise _ProbeError("it did not say which devices it has") from error


def _environment() -> dict[str, str]:
    source = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH", "")]))
    return os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "2", "KERAS_BACKEND": "tensorflow"}


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
