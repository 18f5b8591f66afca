"""Packages of a target that runs in Node: in a folder of its own in the user's cache, where `NODE_PATH` leads.

https://nodejs.org/docs/latest-v20.x/api/modules.html#loading-from-the-global-folders,
https://docs.npmjs.com/cli/v11/commands/npm-install
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paragone.deploy.cached import make, place_of, whole
from paragone.deploy.target import Target

_INSTALL = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
"""No package runs anything of its own while it is installed."""


@dataclass(frozen=True)
class Modules:
    """What Node is given.

    Args:
        packages: versions of what the target needs, and of Node.
        missing: in words what is not there; then the target cannot be run.
        variables: of the process's environment, by which Node finds them.
    """

    packages: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


def modules_of(target: Target, *, install: bool, say: Callable[[str], None]) -> Modules:
    """The packages of a target that runs in Node; those that are missing are installed where that was asked for."""
    node, npm, wanted = shutil.which("node"), shutil.which("npm"), " ".join(target.npm)
    if node is None:
        return Modules(missing="the program node")
    place = own_modules(target)
    if not whole(place):
        if npm is None:
            return Modules(missing=f"the program npm, which installs {wanted}")
        if not install:
            return Modules(missing=f"{wanted} from npm; paragone deploy --install")
        say(f"making an environment for {target.title}")
        if why := make(place, [npm, *_INSTALL, "--prefix", str(place), *target.npm]):
            return Modules(missing=f"{wanted} from npm, which could not be installed: {why}")
    folder = place / "node_modules"
    packages = {name: _version(folder / name) for name in (each.rpartition("@")[0] for each in target.npm)}
    return Modules({**packages, "node": _node(node)}, variables={"NODE_PATH": str(folder)})


def own_modules(target: Target) -> Path:
    """Of a target's packages for Node, installed or not; another list of packages is another one."""
    return place_of(f"{target.name}-npm", target.npm)


def _version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])


def _node(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip().removeprefix("v")
