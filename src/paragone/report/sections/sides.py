"""The sides: their code next to each other, with the parts that correspond."""

from __future__ import annotations

from dataclasses import dataclass

from paragone.records import Part, Run, Side
from paragone.report.code import Listing, listing
from paragone.report.phrases import Figure, Phrase, listed
from paragone.report.samples.facts import layers_key
from paragone.report.text import anchor
from paragone.report.verdicts import grouped_causes

_FRAMEWORKS = {"tensorflow": "TensorFlow", "torch": "PyTorch", "jax": "JAX"}
_ABOVE = {"tensorflow": {"keras": "Keras"}, "jax": {"flax": "Flax", "optax": "Optax"}}
_LOOPS = ("loop", "train step")
_SHORT_LOOP = 15
_OUTPUTS = {
    "logits": "logits",
    "probabilities": "probabilities",
    "log-probabilities": "log-probabilities",
    "values": "values",
    "": "",
}


@dataclass(frozen=True)
class SideView:
    """One side as the page shows it."""

    id: str
    place: int
    name: str
    file: str
    framework: str
    failed: bool
    why: str
    log: str
    facts: tuple[tuple[str, Phrase], ...]
    code: Listing
    loop: Listing | None
    loop_open: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PartCell:
    """Where a part stands in one side; `href` is empty where the side has no such part."""

    text: str
    href: str


@dataclass(frozen=True)
class PartRow:
    """A part in every side that has it."""

    id: str
    slug: str
    cells: tuple[PartCell, ...]


@dataclass(frozen=True)
class SidesView:
    """The section."""

    sides: tuple[SideView, ...]
    parts: tuple[PartRow, ...]


def sides_view(run: Run) -> SidesView:
    """Every side with its code, and the table of the parts that correspond."""
    marks = _marks(run)
    shown = tuple(_side(side, place, marks.get(side.name, {}), len(run.sides)) for place, side in enumerate(run.sides))
    ids = dict.fromkeys(part.id for side in run.sides for part in side.parts)
    return SidesView(shown, tuple(_part_row(id_, run, shown) for id_ in ids))


def _marks(run: Run) -> dict[str, dict[int, list[int]]]:
    """For each side, the numbers of the causes that a line is the fix of."""
    marks: dict[str, dict[int, list[int]]] = {}
    for number, group in enumerate(grouped_causes(run.proof) if run.proof else (), start=1):
        for _, cause in group.found:
            if cause.fix and cause.fix.line:
                found = marks.setdefault(cause.fix.side, {}).setdefault(cause.fix.line, [])
                if number not in found:
                    found.append(number)
    return marks


def _side(side: Side, place: int, marks: dict[int, list[int]], among: int) -> SideView:
    prefix = f"code-{place}"
    return SideView(
        id=f"side-{place}",
        place=place,
        name=side.name,
        file=side.file,
        framework=framework_text(side),
        failed=side.status == "failed",
        why=side.why,
        log=side.log,
        facts=tuple(_facts(side)),
        code=listing(side.code, prefix, side.parts, marks, among),
        loop=_loop(side, place, among),
        loop_open=side.loop.count("\n") <= _SHORT_LOOP,
        notes=(*side.notes, *((side.precision,) if side.precision else ())),
    )


def framework_text(side: Side) -> str:
    """`PyTorch 2.13.0`, `Keras 3.15.0 on TensorFlow 2.21.0`."""
    name = f"{_FRAMEWORKS.get(side.framework, side.framework)} {side.version}".strip()
    libraries = _ABOVE.get(side.framework, {})
    above = [f"{title} {side.packages[id_]}" for id_, title in libraries.items() if id_ in side.packages]
    return f"{listed(above)} on {name}" if above else name


def _loop(side: Side, place: int, among: int) -> Listing | None:
    if not side.loop.strip():
        return None
    lines = len(side.loop.rstrip("\n").split("\n"))
    whole = tuple(Part(id=id_, label="training step", first_line=1, last_line=lines) for id_ in _LOOPS)
    return listing(side.loop, f"loop-{place}", whole, {}, among)


def _facts(side: Side) -> list[tuple[str, Phrase]]:
    parameters: Phrase = (Figure(f"{side.n_parameters:,}", layers_key(side.name)),)
    output = _OUTPUTS[side.output]
    rows: list[tuple[str, Phrase]] = [
        ("model", (side.model,)),
        ("loss", (side.loss,)),
        ("optimizer", (side.optimizer,)),
        ("output", (output,)),
        ("input", (side.input_view,)),
        ("parameters", parameters if side.n_parameters else ("",)),
        ("run as", (", ".join(filter(None, (side.track, side.device, _backend(side)))),)),
    ]
    return [(name, phrase) for name, phrase in rows if str(phrase[0])]


def _backend(side: Side) -> str:
    return f"backend {side.backend}" if side.backend and side.backend != side.framework else ""


def _part_row(id_: str, run: Run, shown: tuple[SideView, ...]) -> PartRow:
    return PartRow(
        id_, anchor(id_), tuple(_part_cell(id_, side, view) for side, view in zip(run.sides, shown, strict=True))
    )


def _part_cell(id_: str, side: Side, view: SideView) -> PartCell:
    found = [part for part in side.parts if part.id == id_]
    if found:
        part = found[0]
        return PartCell(f"{part.label or part.id}, line {part.first_line}", f"{view.code.prefix}-{part.first_line}")
    if id_ in _LOOPS and view.loop:
        return PartCell("the canonical loop", f"{view.loop.prefix}-1")
    return PartCell("", "")
