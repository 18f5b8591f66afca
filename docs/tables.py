"""Write the tables of the docs from the code they are about: `python docs/tables.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from paragone.layers import layer_kinds
from paragone.optimizers import optimizer_kinds
from paragone.prove import tolerances
from paragone.prove.traps import TRAPS, row_of_initialiser
from paragone.task.data.sources import sources

DOCS = Path(__file__).parent
END = "<!-- end of table -->"
FRAMEWORKS = {"tensorflow": "Keras", "torch": "PyTorch", "jax": "Flax, Optax"}


def fixed_tolerances() -> str:
    """The tolerance of every rung."""
    rows = [("initialisation", f"p ≥ {tolerances.INITIALISATION_P:g} ÷ number of tensors")]
    rows += [(name, f"{value:g}") for name, value in tolerances.TOLERANCES.items()]
    return table(("rung", "holds in float64 up to"), rows)


def other_limits() -> str:
    """The other numbers that decide a verdict."""
    rows = [
        ("runs of a floor", f"{tolerances.FLOOR_RUNS}"),
        ("builds whose starting weights are compared; seeds of what a cause is worth", f"{tolerances.BUILDS}"),
        ("floors up to which float32 is undecided", f"{tolerances.UNDECIDED:g}"),
        (
            "what a cause must shrink, where it does not bring the rung under its tolerance",
            f"{tolerances.COLLAPSE:g} ×",
        ),
        ("share of the largest gradient under which a gradient is zero", f"{tolerances.GAUGE_GRADIENT:g}"),
    ]
    return table(("number", "value"), rows)


def traps() -> str:
    """Every trap that can be named as a cause."""
    rows = [(f"`{slug}`", _rows().get(slug, ""), trap.title, trap.source) for slug, trap in TRAPS.items()]
    return table(("trap", "row", "what it is", "where it is documented"), rows)


def _rows() -> dict[str, str]:
    """Rows of the catalogue by trap."""
    layers = [item for kind in layer_kinds().values() for s in kind.spellings.values() for item in s.attributes]
    optimizers = [trait for kind in optimizer_kinds().values() for trait in kind.traits]
    starts = [row_of_initialiser(name) for name in ("dense_1/kernel_io", "dense_1/bias", "embedding_1/table")]
    functions = {"float32-constants": "C7", "gelu-approximation": "C1", "double-softmax": "D1"}
    return {item.trap: item.row or "" for item in [*layers, *optimizers]} | dict(starts) | functions


def layers() -> str:
    """What each framework calls every layer and optimizer."""
    rows = []
    for kind in layer_kinds().values():
        classes = {name: spelling.classes for name, spelling in kind.spellings.items()}
        rows.append((kind.name, *(_names(classes.get(name, ())) for name in FRAMEWORKS)))
    for optimizer in optimizer_kinds().values():
        rows.append((optimizer.name, *(_names(optimizer.classes.get(name, ())) for name in FRAMEWORKS)))
    return table(("", *FRAMEWORKS.values()), rows)


def _names(classes: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in classes) or "–"


def data_sources() -> str:
    """What `--data` takes."""
    return table(("`--data`", "what it is"), [(f"`{source.name}`", source.summary) for source in sources()])


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


TABLES: dict[str, tuple[str, Callable[[], str]]] = {
    "tolerances": ("ladder.md", fixed_tolerances),
    "limits": ("ladder.md", other_limits),
    "traps": ("ladder.md", traps),
    "layers": ("sides.md", layers),
    "sources": ("data.md", data_sources),
}
"""Every table: its name between the markers, its page, and what makes it."""


def written(page: str, text: str) -> str:
    """The text of a page with all of its tables made anew."""
    for name, (home, make) in TABLES.items():
        if home == page:
            before, _, rest = text.partition(f"<!-- table: {name} -->\n")
            _, _, after = rest.partition(END)
            text = f"{before}<!-- table: {name} -->\n{make()}\n{END}{after}"
    return text


def main() -> None:
    """Write every page that has a table."""
    for page in dict.fromkeys(home for home, _ in TABLES.values()):
        path = DOCS / page
        path.write_text(written(page, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
