"""A snippet: files that reproduce the first difference of a pair alone, a process for each framework.

`snippet.py` runs the part of each side and prints the element that is furthest off. The parts stand alone: the side's
own file, the statement (or the layer), what it is given, and the weights that it uses.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from safetensors.numpy import save_file

from paragone.errors import ParagoneError
from paragone.prove.localise import Difference
from paragone.prove.passes import Passes
from paragone.prove.subject import Subject
from paragone.prove.tapes import Tape

_COMPARE = '''\
"""{text}

Run this file: it runs the parts, each in a process of its own, and compares what they give.
"""

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

HERE = Path(__file__).resolve().parent
for part in {parts}:
    subprocess.run([sys.executable, str(HERE / part)], check=True)
a = list(load_file(HERE / "{a}").values())[-1]
b = list(load_file(HERE / "{b}").values())[-1]
if a.size != b.size:
    print(f"different shapes: {{a.shape}} and {{b.shape}}")
    sys.exit(1)
ways = [b.transpose(axes) for axes in itertools.permutations(range(b.ndim)) if len(axes) < 6]
ways = [way for way in ways if way.shape == a.shape] or [b.reshape(a.shape)]
b = min(ways, key=lambda way: np.abs(a - way).mean())  # channels first or last
where = np.unravel_index(np.argmax(np.abs(a - b)), a.shape)
print(f"furthest apart at {{tuple(map(int, where))}}: {{a[where]}} in {a_name}, {{b[where]}} in {b_name}")
print(f"largest difference: {{np.abs(a - b).max()}}")
'''
_NOTHING = '''\
"""{side} does nothing here: the value stays as it is."""

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
shutil.copy(HERE / "{arrays}", HERE / "{out}")
print("{side} does nothing here")
'''


def write_snippet(passes: Passes, tapes: tuple[Tape, Tape], one: Difference, text: str) -> tuple[str, ...]:
    """Write the snippet of a place; its files in the run's folder, the one to run first. Empty where none can be cut.

    A snippet runs the side's file as it is written, so there is none of a pair whose causes were removed.

    Args:
        passes: of the pair.
        tapes: of the first passes.
        one: the place.
        text: what is said of it.
    """
    if passes.case.mode != "forward" or one.compared is None or passes.interventions:
        return ()
    numbers = (one.a, one.b)
    parts = []
    for side, tape, number, value in zip(passes.sides, tapes, numbers, one.compared, strict=True):
        part = _part(passes, side, tape, number, value, one.layer)
        if not part:
            for written in passes.folder.glob("snippet_*"):
                written.unlink()
            return ()
        parts.append(part)
    names = [f"{_stem(side)}.out.safetensors" for side in passes.sides]
    main = _COMPARE.format(
        text=text.replace("\\", "/").replace('"""', "'''"),
        parts=parts,
        a=names[0],
        b=names[1],
        a_name=passes.a.name,
        b_name=passes.b.name,
    )
    (passes.folder / "snippet.py").write_text(main, encoding="utf-8")
    root = passes.folder.relative_to(passes.group.lab.folder.resolve())
    return tuple(str(root / name) for name in ("snippet.py", *parts))


def _part(passes: Passes, side: Subject, tape: Tape, number: int | None, value: int, layer: str) -> str:
    """The file of one side; empty where nothing can be cut out."""
    stem = _stem(side)
    if number is None:
        save_file({"0": passes.value(side, value)}, passes.folder / f"{stem}.safetensors")
        code = _NOTHING.format(side=side.name, arrays=f"{stem}.safetensors", out=f"{stem}.out.safetensors")
        (passes.folder / f"{stem}.py").write_text(code, encoding="utf-8")
        return f"{stem}.py"
    around = tape.around(number)
    line = tape.lines[number]
    wanted = _cut(passes, side, next((call.path for call in around if not call.layer), ""), line) if line else None
    if wanted is None and around:
        wanted = _cut(passes, side, next((c.path for c in around if c.layer == layer), around[0].path), 0)
    if wanted is None:
        return ""
    said, arrays = wanted
    save_file(dict(arrays), passes.folder / f"{stem}.safetensors")
    shutil.copy(side.file.path, passes.folder / f"{stem}.side.py")
    (passes.folder / f"{stem}.py").write_text(_code(side, said, stem), encoding="utf-8")
    return f"{stem}.py"


def _cut(passes: Passes, side: Subject, module: str, line: int) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    arguments = {**passes.case.plain(), "module": module, "line": line}
    experiment = passes.group.taping(side.name, passes.interventions, arguments, op="cutout", kept=False)
    try:
        trial = passes.group.lab.submit(experiment).result()
    except ParagoneError:  # no snippet then; the place stands without it
        return None
    return (trial.result, trial.arrays) if trial.result["cut"] else None


def _code(side: Subject, said: Mapping[str, Any], stem: str) -> str:
    package = side.file.descriptor.worker.rpartition(".")[0]
    template: str = import_module(f"{package}.snippet").TEMPLATE
    body = _statement(side, said) if "locals" in said else _module(said)
    places = said["modules"] if side.framework == "tensorflow" else list(said["modules"])
    return template.format(
        arrays=f"{stem}.safetensors",
        file=f"{stem}.side.py",
        model=said["model"],
        modules=places,
        run=body,
        side=side.name,
        out=f"{stem}.out.safetensors",
    )


def _statement(side: Subject, said: Mapping[str, Any]) -> str:
    """`run` with the statement as it stands in the side's file, and its names bound before it."""
    first, last = int(said["first_line"]), int(said["last_line"])
    lines = textwrap.dedent("\n".join(side.file.code.splitlines()[first - 1 : last])).splitlines()
    bound = [f"    {name} = {_bound(name, row)}" for name, row in said["locals"].items()]
    if not said["returns"]:
        lines.append(f"return [{', '.join(said['results'])}]")
    note = f"# Line {first} of {side.file.shown}, with what it is given there."
    code = [note, "globals().update({k: v for k, v in vars(side).items() if not k.startswith('__')})", "", ""]
    body = ["def run():", *bound, *[f"    {line}" for line in lines]]
    return "\n".join([*code, *body, *_listed(returns=bool(said["returns"]))])


def _listed(*, returns: bool) -> list[str]:
    """What a `return` gives may be one tensor."""
    if not returns:
        return []
    return ["", "", "once = run", "", "", "def run():", "    found = once()",
            "    return list(found) if isinstance(found, (list, tuple)) else [found]"]  # fmt: skip


def _bound(name: str, row: Mapping[str, Any]) -> str:
    if "module" in row:
        return f"module_at({row['module']!r})"
    return f'saved["local/{name}"]' if "array" in row else str(row["value"])


def _module(said: Mapping[str, Any]) -> str:
    """`run` with a call of the layer."""
    given = []
    for number, row in enumerate(said["given"]):
        if "value" in row:
            given.append(str(row["value"]))
            continue
        arrays = [f'saved["local/{number}.{i}"]' for i in range(int(row["arrays"]))]
        given.append(f"[{', '.join(arrays)}]" if row["list"] else arrays[0])
    return f"def run():\n    return [module_at({said['module']!r})({', '.join(given)})]"


def _stem(side: Subject) -> str:
    return "snippet_" + "".join(letter if letter.isalnum() else "_" for letter in side.name)
