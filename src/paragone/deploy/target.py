"""A target: a runtime that reads a format. Each is one file in `targets/`, found by its name.

A target's file is two things at once. The program reads from it what the target is called and what it reads; and it is
copied beside the artifact as it is, with a few lines at its end, as the script that loads the artifact and runs alone,
without Paragone. It is that copy that our own measurements run, in a process of its own. So a target's file imports the
standard library and NumPy only, and its runtime inside `load`.

A target that differs from another in its words and constants only says so with `BASED_ON`: its script is the other's,
with its own docstring and constants in their places.

What computes may be a program of its own, in another language or as a server: its text stands in `beside/`, the target
names it with `BESIDE`, and it is left beside the script. What `load` gives may then say

- `last_s`: how long the last call took in that program,
- `cold_start_s`: how long it took from its start to its first answer,
- `peak_memory_bytes()`: what memory it took at most,
- `runtime`: what it is, where that is found out at run time only, and `note`: what has to be said of it.
"""

from __future__ import annotations

import ast
import difflib
import os
import pkgutil
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import paragone.deploy.targets
from paragone.errors import InputError
from paragone.trials import digest

ALL = "all"

_TAIL = """

if __name__ == "__main__":  # the example beside this file, and how far what comes out is from what the side itself gave
    here = Path(__file__).resolve().parent
    with np.load(here / "example.npz", allow_pickle=False) as example:
        inputs = [example[name] for name in sorted(example) if name.startswith("x")]
        expected = [example[name] for name in sorted(example) if name.startswith("y")]
    for number, (found, wanted) in enumerate(zip(load(here)(inputs), expected, strict=True)):
        print(f"output {number}: shape {found.shape}, at most {np.abs(found - wanted).max():.3g} from the side's own")
"""


@dataclass(frozen=True)
class Target:
    """A target, as its file says.

    Args:
        name: of the file, and on the command line.
        title: of the runtime, in words.
        formats: what it reads, the preferred first.
        packages: what its runtime needs, as pip installs it.
        precision: what it computes in when it does as it is told.
        source: the file's text.
        programs: programs of the machine that it needs besides.
        beside: names of files that the script needs beside itself.
        depends: what else on the machine decides what it is: a variable of the environment as `$NAME`, or a program.
        serves: whether it is a server, which can be put under load.
        npm: packages for Node that it needs, as npm installs them, each with its version.
        framework: whose packages its runtime needs besides; an environment of its own sees ours.
        systems: where its runtime computes, as `platform.system` calls them; empty for everywhere. Elsewhere the
            artifact is written and not run.
    """

    name: str
    title: str
    formats: tuple[str, ...]
    packages: tuple[str, ...]
    precision: str
    source: str
    programs: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    serves: bool = False
    npm: tuple[str, ...] = ()
    framework: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """All that it needs, for a person to read."""
        node = ("node",) if self.npm else ()
        return (*self.packages, *(f"{name} (npm)" for name in self.npm), *node, *self.programs)

    @property
    def identity(self) -> str:
        """What its cells depend on, beside the side: the script, what it needs beside itself, and what decides it."""
        return digest("\n".join([self.source, *map(beside, self.beside), *map(_found, self.depends)]))

    def script(self) -> str:
        """What is left beside an artifact: it loads it, and runs alone."""
        return self.source.rstrip() + "\n" + _TAIL


def beside(name: str) -> str:
    """The text of a file that targets leave beside their scripts."""
    return (Path(__file__).parent / "beside" / name).read_text(encoding="utf-8")


@cache
def targets() -> dict[str, Target]:
    """Every target by name. No target is run, or imported, for that: what it says of itself is read off its file."""
    names = sorted(module.name for module in pkgutil.iter_modules(paragone.deploy.targets.__path__))
    return {name: _read(name) for name in names}


def chosen(names: tuple[str, ...]) -> tuple[Target, ...]:
    """The targets that were asked for; all of them for none, or for `all`.

    Raises:
        InputError: there is no such target.
    """
    known = targets()
    if not names or ALL in names:
        return tuple(known.values())
    for name in names:
        if name not in known:
            raise InputError(
                "There is no such target.",
                where="--to",
                expected=", ".join(known),
                received=name,
                next_step=_meant(name),
            )
    return tuple(known[name] for name in dict.fromkeys(names))


def lines() -> list[str]:
    """Every target, what it reads and what it needs, for the terminal."""
    known = targets().values()
    wide = max(len(one.name) for one in known)
    return [
        f"{one.name:{wide}}  {one.title}; reads {' or '.join(one.formats)}; needs {', '.join(one.needs)}"
        for one in known
    ]


def _meant(name: str) -> str:
    near = difflib.get_close_matches(name, targets(), n=1, cutoff=0.4)
    return f"did you mean {near[0]}?" if near else "leave --to out for all of them"


def _read(name: str) -> Target:
    source = _source(name)
    constants = {key: node for key, node in _parts(source).items() if isinstance(node, ast.Assign)}
    said = {key: ast.literal_eval(node.value) for key, node in constants.items()}
    return Target(
        name, said["TITLE"], said["FORMATS"], said["PACKAGES"], said.get("PRECISION", "float32"), source,
        said.get("PROGRAMS", ()), said.get("SYSTEMS", ()), said.get("BESIDE", ()), said.get("DEPENDS", ()),
        said.get("SERVES", False), said.get("NPM", ()), said.get("FRAMEWORK", ""),
    )  # fmt: skip


def _found(named: str) -> str:
    """What a variable of the environment says, or where a program is."""
    return os.environ.get(named[1:], "") if named.startswith("$") else shutil.which(named) or ""


def _source(name: str) -> str:
    """The text of a target's script: of its own file, or of the one that it is based on with its own constants."""
    source = (Path(paragone.deploy.targets.__path__[0]) / f"{name}.py").read_text(encoding="utf-8")
    own = _parts(source)
    based_on = own.pop("BASED_ON", None)
    if not isinstance(based_on, ast.Assign):
        return source
    text = _source(ast.literal_eval(based_on.value))
    places, rows = _parts(text), text.splitlines()
    for key, node in sorted(own.items(), key=lambda each: -places[each[0]].lineno):
        old = places[key]
        rows[old.lineno - 1 : old.end_lineno] = source.splitlines()[node.lineno - 1 : node.end_lineno]
    return "\n".join(rows) + "\n"


def _parts(source: str) -> dict[str, ast.stmt]:
    """The docstring of a file, under an empty name, and its constants."""
    body = ast.parse(source).body
    named = [(_name_of(node), node) for node in body]
    return {"": body[0]} | {name: node for name, node in named if name.isupper()}


def _name_of(node: ast.stmt) -> str:
    """What a statement gives a value to; empty for any that is no assignment to one name."""
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return ""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else ""
