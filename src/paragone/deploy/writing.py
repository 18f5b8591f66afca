"""Where a framework writes a format whose packages its own interpreter has not: an environment beside that one.

It sees all packages of the side's interpreter, and the writer's before them; the framework itself is of the same
version. Like those of runtimes (`paragone.deploy.environments`) it is made on demand, and found again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from paragone.deploy.cached import make, place_of, whole
from paragone.deploy.environments import Environment, versions_there
from paragone.frameworks.registry import frameworks

_SEE = """
import sys, sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

place, *names = sys.argv[1:]
kept = []
for name in names:
    try:
        kept.append(f"{name}=={version(name)}")
    except PackageNotFoundError:
        pass
Path(place, "kept.txt").write_text("\\n".join(kept))
folders = [folder for folder in sys.path if folder.endswith(("site-packages", "dist-packages"))]
own = Path(sysconfig.get_path("purelib", "venv", {"base": place, "platbase": place}))
(own / "of_the_side.pth").write_text("\\n".join(f"import site; site.addsitedir({folder!r})" for folder in folders))
"""
"""Run by the side's interpreter: https://docs.python.org/3/library/site.html, a line of a .pth file that imports."""


def packages_of(modules: Sequence[str]) -> tuple[str, ...]:
    """The packages that bring modules; those that writers need are called like their modules."""
    return tuple(name.replace("_", "-") for name in modules)


def place_for(framework: str, modules: Sequence[str], python: str) -> Path:
    """Of the environment, made or not."""
    return place_of(f"writes-{framework}", (sys.version, python, *packages_of(modules)))


def environment_for(
    framework: str, modules: Sequence[str], python: str, *, install: bool, say: Callable[[str], None]
) -> Environment:
    """Where a framework finds what it needs to write a format.

    Args:
        framework: that writes.
        modules: that the side's interpreter has not.
        python: the side's interpreter.
        install: whether the environment may be made, which needs the network.
        say: told what takes long.
    """
    packages, place = packages_of(modules), place_for(framework, modules, python)
    own = place / "bin" / "python"
    if not whole(place):
        wanted = " ".join(packages)
        if not install:
            return Environment(python, missing=f"{wanted}; paragone deploy --install, or pip install {wanted}")
        descriptor = frameworks()[framework]
        say(f"making an environment in which {descriptor.title} finds {wanted}")
        see = [python, "-c", _SEE, str(place), *descriptor.distributions]
        kept = ["--constraint", str(place / "kept.txt")]
        install_packages = [str(own), "-m", "pip", "install", "--quiet", *kept, *packages]
        if why := make(place, [python, "-m", "venv", str(place)], see, install_packages):
            return Environment(python, missing=f"{wanted}, which could not be installed: {why}")
    return Environment(str(own), versions_there(own, packages))
