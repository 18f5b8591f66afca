"""Faults planted in hosts that are the same, and where each must be found."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

HOSTS = Path(__file__).parents[1] / "sides" / "hosts"
DATA = {
    "residual": "digits",
    "attention": f"{HOSTS / 'data.py'}:characters",
    "two_inputs": f"{HOSTS / 'data.py'}:two_inputs",
}


@dataclass(frozen=True)
class Fault:
    """A change of one side.

    Args:
        host: folder of the pair.
        side: the framework whose file is changed.
        old: text of it.
        new: what stands in its place.
        layers: where it may be found: in or right before one of these.
        line: a part of the line of the changed file that must be told.
        rung: where it is seen first.
        against: the framework of the other side.
    """

    host: str
    side: str
    old: str
    new: str
    layers: tuple[str, ...]
    line: str
    rung: str = "forward"
    against: str = ""

    @property
    def name(self) -> str:
        """For the output of tests."""
        return f"{self.host}-{self.side}-{self.old.strip()[:24]}-{self.new.strip()[:24]}".replace("\n", " ")


FAULTS = [
    Fault(**{**row, "layers": tuple(row["layers"])})
    for row in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["fault"]
]


def planted(fault: Fault, folder: Path) -> tuple[Path, Path]:
    """The file that stays as it is, and the changed one."""
    names = {"torch": "torch_side.py", "jax": "jax_side.py", "keras": "keras_side.py"}
    against = fault.against or ("jax" if fault.side != "jax" else "torch")
    code = (HOSTS / fault.host / names[fault.side]).read_text(encoding="utf-8")
    assert fault.old in code, f"{fault.host}/{names[fault.side]} has no {fault.old!r}"
    changed = folder / names[fault.side]
    changed.write_text(code.replace(fault.old, fault.new), encoding="utf-8")
    return HOSTS / fault.host / names[against], changed


def line_of(fault: Fault, changed: Path) -> int:
    """The line of the changed file that must be told; 0 where any may be."""
    if not fault.line:
        return 0
    code = changed.read_text(encoding="utf-8")
    return code[: code.index(fault.line) + len(fault.line)].count("\n") + 1
