"""The ladder of sameness: every rung for every pair, as written and with the causes removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paragone.prove.scope import WARNS
from paragone.records import Pair, Proof, Run, Rung
from paragone.report.figures import number
from paragone.report.phrases import Figure, Phrase
from paragone.report.samples.proof import CORRECTED, TOLERANCES, WRITTEN, floor_key, rung_key
from paragone.report.text import shortened
from paragone.report.verdicts import SYMBOLS, TONES, Tone, without_proof
from paragone.report.views import TableView, cell

_DETAIL = 70
_RUNGS = {
    "structure": "The same layers, with the same shapes.",
    "initialisation": "Starting weights drawn from the same distributions.",
    "forward": "The same output from the same weights.",
    "loss": "The same loss from the same output.",
    "gradients": "The same gradients.",
    "step": "The same weights after one optimizer step.",
    "trajectory": "The same weights after {steps} steps.",
    "rate-change": "The same weights when the learning rate falls to a tenth.",
    "outcome": "The same result on the test set after {steps} steps.",
}


@dataclass(frozen=True)
class RungCell:
    """One rung of one pair: a word, a symbol and the figures behind them."""

    verdict: str
    symbol: str
    tone: Tone
    float64: Phrase
    float32: Phrase
    where: str
    first: bool


@dataclass(frozen=True)
class RungRow:
    """One rung for every pair."""

    name: str
    meaning: str
    cells: tuple[RungCell | None, ...]


@dataclass(frozen=True)
class LadderTable:
    """One ladder: as written, or corrected."""

    title: str
    lead: str
    pairs: tuple[tuple[str, str], ...]
    rows: tuple[RungRow, ...]


@dataclass(frozen=True)
class LadderView:
    """The section; without a proof there is only a reason."""

    tables: tuple[LadderTable, ...] = ()
    tolerances: TableView | None = None
    floors: TableView | None = None
    notes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    absent: str = ""


def ladder_view(run: Run) -> LadderView:
    """Both ladders, with the tolerances and the floors."""
    proof = run.proof
    if proof is None:
        return LadderView(absent=without_proof(run))
    tables = [_table(proof, proof.pairs, WRITTEN)] if proof.pairs else []
    if proof.corrected:
        tables.append(_table(proof, proof.corrected, CORRECTED))
    left = tuple(f"{pair.a} and {pair.b}: {pair.unexplained}" for pair in proof.pairs if pair.unexplained)
    places = tuple(line for pair in proof.pairs for line in _places(pair))
    return LadderView(tuple(tables), _tolerances(proof), _floors(proof), proof.notes, places, left)


def _places(pair: Pair) -> Iterator[str]:
    """Where a pair parts first as written, and with its causes removed; what else does not follow from that."""
    names = f"{pair.a} and {pair.b}"
    for found, state in ((pair.located, ""), (pair.left, ", with the causes removed")):
        if found is None:
            continue
        yield f"{names}{state}: {found.text}"
        for one in found.more:
            yield f"{names}{state}, besides: {one.text}"
        if found.snippet:
            yield f"{names}{state}: `python {found.snippet[0]}`, in the run's folder, shows the first of them alone"


def _table(proof: Proof, pairs: Sequence[Pair], state: str) -> LadderTable:
    names = dict.fromkeys(rung.name for pair in pairs for rung in pair.rungs)
    rows = tuple(
        RungRow(name, _RUNGS[name].format(steps=f"{proof.steps:,}"), tuple(_cell(pair, name, state) for pair in pairs))
        for name in names
    )
    corrected = state == CORRECTED
    title = "With the causes removed" if corrected else "As written"
    return LadderTable(title, _lead(pairs, corrected), tuple((pair.a, pair.b) for pair in pairs), rows)


def _lead(pairs: Sequence[Pair], corrected: bool) -> str:
    failed = [pair for pair in pairs if pair.verdict == "different"]
    if corrected:
        return "Every rung holds." if not failed else "Some rungs still fail: there is a cause that was not found."
    return "The first rung that fails is outlined." if failed else "No rung fails."


def _cell(pair: Pair, name: str, state: str) -> RungCell | None:
    by_type = {rung.dtype: rung for rung in pair.rungs if rung.name == name}
    deciding = by_type.get("float64") or by_type.get("float32")
    if deciding is None:
        return None
    sheet = rung_key(pair, name, state)
    return RungCell(
        verdict=deciding.verdict,
        symbol=SYMBOLS[deciding.verdict],
        tone=TONES[deciding.verdict],
        float64=_distance(deciding, sheet),
        float32=_rounded(by_type.get("float32"), deciding, sheet) if deciding.dtype == "float64" else (),
        where=_where(deciding),
        first=_first_failing(pair) is deciding,
    )


def _first_failing(pair: Pair) -> Rung | None:
    decisive = (rung for rung in pair.rungs if rung.dtype == pair.deciding and not rung.ignored)
    return next((rung for rung in decisive if rung.verdict == "different"), None)


def _distance(rung: Rung, sheet: str) -> Phrase:
    if rung.max_rel is None:
        return ()
    name = "KS distance " if rung.name == "initialisation" else ""
    return (name, Figure(number(rung.max_rel), sheet))


def _rounded(rung: Rung | None, deciding: Rung, sheet: str) -> Phrase:
    """What float32 says, with its floor; its verdict where it is another one."""
    if rung is None or rung.max_rel is None or rung.name == "initialisation":
        return ()
    floor: Phrase = ("; floor ", Figure(number(rung.floor), sheet)) if rung.floor is not None else ()
    verdict = "" if rung.verdict == deciding.verdict else f": {rung.verdict}"
    return ("float32 ", Figure(number(rung.max_rel), sheet), *floor, verdict)


def _where(rung: Rung) -> str:
    if rung.verdict == "not run":
        return rung.detail
    parts = (rung.where, "" if rung.name == "initialisation" else shortened(rung.detail, _DETAIL))
    ignored = "does not decide, as was asked for" if rung.ignored and rung.name != WARNS else ""
    return " – ".join(filter(None, (*parts, ignored))) if rung.verdict != "same" else ""


def _tolerances(proof: Proof) -> TableView | None:
    if not proof.tolerances:
        return None
    rows = tuple((cell(name), cell(number(value), TOLERANCES)) for name, value in proof.tolerances.items())
    return TableView("Tolerances in float64", ("rung", "at most"), rows)


def _floors(proof: Proof) -> TableView | None:
    if not proof.floors:
        return None
    rows = tuple(
        (
            cell(floor.side),
            cell(floor.dtype),
            cell(number(floor.max_rel), floor_key(floor.side, floor.dtype)),
            cell(f"{floor.runs} runs of {floor.steps:,} steps"),
        )
        for floor in proof.floors
    )
    return TableView("The floor of each side", ("side", "precision", "largest drift", "from"), rows)
