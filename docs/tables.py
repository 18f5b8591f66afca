"""Write the tables of the docs from the code they are about: `python docs/tables.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from paragone.calls.ends import TRAP
from paragone.catalogue import catalogue
from paragone.choose.claims import claims
from paragone.choose.constraints import rules
from paragone.choose.criteria import criteria
from paragone.choose.facts import facts
from paragone.choose.learning import learning
from paragone.choose.profile import profiles
from paragone.choose.wording import figure
from paragone.deploy.formats import FORMATS
from paragone.deploy.target import targets
from paragone.deploy.writers import why_not, written_by
from paragone.frameworks.islands import ISLANDS
from paragone.frameworks.registry import frameworks
from paragone.layers import known_kinds, layer_kinds
from paragone.optimizers import optimizer_kinds
from paragone.prove import tolerances
from paragone.prove.traps import TRAPS, row_of_initialiser
from paragone.records.learning import Learning
from paragone.report.learned import concepts, counted_on, edits, mistakes, mistakes_told
from paragone.show import Wish, shown_task, task_list
from paragone.spelling.site import Impossible
from paragone.spelling.spelled import Note
from paragone.task.data.sources import sources
from paragone.task.read import read_task, ready_tasks
from paragone.vocabulary import vocabulary, written_frameworks

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
        ("share of the largest gradient under which a gradient is zero", f"{tolerances.GAUGE_GRADIENT['float64']:g}"),
    ]
    return table(("number", "value"), rows)


def traps() -> str:
    """Every trap that can be named as a cause."""
    rows = [(f"`{slug}`", _rows().get(slug, ""), trap.title, trap.source) for slug, trap in TRAPS.items()]
    return table(("trap", "row", "what it is", "where it is documented"), rows)


def _rows() -> dict[str, str]:
    """Rows of the catalogue by trap."""
    kinds = known_kinds().values()
    layers = [item for kind in kinds for s in kind.spellings.values() for item in s.attributes]
    settings = [item for kind in kinds for item in kind.settings]
    optimizers = [trait for kind in optimizer_kinds().values() for trait in kind.traits]
    starts = [row_of_initialiser(name) for name in ("dense_1/kernel_io", "dense_1/bias", "embedding_1/table")]
    functions = {**dict(ISLANDS.values()), "gelu-approximation": "C1", "double-softmax": "D1", TRAP: "H5"}
    return {item.trap: item.row or "" for item in [*layers, *settings, *optimizers]} | dict(starts) | functions


def layers() -> str:
    """What each framework calls every layer and optimizer."""
    rows = []
    for kind in layer_kinds().values():
        if not any(spelling.classes for spelling in kind.spellings.values()):
            continue
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


def support() -> str:
    """How each framework says every word of the vocabulary in a `matched` side."""
    frameworks = [(name, item.title) for name, item in written_frameworks().items()]
    rows = []
    for section, words in vocabulary().items():
        rows.append((f"**{section}**", "", *[""] * len(frameworks), ""))
        for word in words:
            cells = [word.support(name) for name, _ in frameworks]
            rows.append((f"`{word.name}`", word.computes, *cells, ", ".join(word.rows)))
    return table(("word", "computes", *(title for _, title in frameworks), "traps"), rows)


def options() -> str:
    """The options of every word that has some, with their defaults."""
    rows = []
    for section, words in vocabulary().items():
        having = [word for word in words if word.options or word.starts]
        rows += [(f"**{section}**", "", "")] if having else []
        for word in having:
            starts = ", ".join(f"`{name}`" for name in word.starts)
            rows.append((f"`{word.name}`", ", ".join(word.options), starts))
    return table(("word", "options", "initialisers"), rows)


def islands() -> str:
    """Where a framework computes in float32 what is asked for in float64: words, reasons, tolerances, evidence."""
    titles = {name: item.title for name, item in written_frameworks().items()}
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for words in vocabulary().values():
        for word in words:
            for framework, said in word.said.items():
                for note in (note for spelled in said for note in _notes(spelled) if "float32" in note.reason):
                    found.setdefault((titles[framework], note.row, note.reason), {})[f"`{word.name}`"] = None
    limits = tolerances.TOLERANCES
    held = f"{limits['forward']:g}; weights after training {limits['trajectory']:g}"
    rows = [
        (
            ", ".join(names),
            framework,
            reason,
            held,
            row,
            "; ".join(catalogue()[one].evidence for one in row.split(", ")),
        )
        for (framework, row, reason), names in sorted(found.items())
    ]
    return table(("words", "framework", "why", "tolerance of a `matched` side", "rows", "evidence"), rows)


def _notes(spelled: Any) -> Iterator[Note]:
    """Reasons of a spelling, and of its helpers."""
    yield from getattr(spelled, "notes", ())
    waiting = list(getattr(spelled, "helpers", ()))
    while waiting:
        helper = waiting.pop()
        yield helper.note
        waiting += helper.needs


def impossible() -> str:
    """What a framework cannot express, and why."""
    titles = {name: item.title for name, item in written_frameworks().items()}
    rows = [
        (f"`{word.name}`", titles[framework], why)
        for words in vocabulary().values()
        for word in words
        for framework, said in word.said.items()
        for why in dict.fromkeys(spelled.why for spelled in said if isinstance(spelled, Impossible))
    ]
    return table(("word", "framework", "why"), rows or [("none", "every one", "each word can be said")])


def catalogue_of_traps() -> str:
    """Every row of the catalogue, and the words of the vocabulary that meet it."""
    meets: dict[str, list[str]] = {}
    for words in vocabulary().values():
        for word in words:
            for row in word.rows:
                meets.setdefault(row, []).append(f"`{word.name}`")
    lines = []
    for group in dict.fromkeys(row.group for row in catalogue().values()):
        rows = [row for row in catalogue().values() if row.group == group]
        lines += ["", f"## {rows[0].id[0]}. {group}", ""]
        lines.append(
            table(
                (
                    "row",
                    "what",
                    "TensorFlow, Keras",
                    "PyTorch",
                    "JAX, Flax, Optax",
                    "how it shows",
                    "evidence",
                    "words",
                ),
                [
                    (
                        *(row.id, row.topic, row.tensorflow or row.fact, row.torch, row.jax, row.fails, row.evidence),
                        ", ".join(meets.get(row.id, [])),
                    )
                    for row in rows
                ],
            )
        )
    return "\n".join(lines)


def deploy_targets() -> str:
    """Every target of `paragone deploy`."""
    rows = [
        (f"`{one.name}`", one.title, ", ".join(FORMATS[name].title for name in one.formats), ", ".join(one.needs),
         one.precision)
        for one in targets().values()
    ]  # fmt: skip
    return table(("target", "runtime", "reads", "needs", "computes in"), rows)


def deploy_formats() -> str:
    """Every format, and which framework writes it, with what, or why not."""
    rows = [(f"[{form.title}]({form.source.split(' ')[0]})", *(_writes(one, name) for one in FRAMEWORKS))
            for name, form in FORMATS.items()]  # fmt: skip
    return table(("format", *(frameworks()[one].title for one in FRAMEWORKS)), rows)


def _writes(framework: str, name: str) -> str:
    if name not in written_by(framework):
        return f"no: {why_not(framework, (name,))}"
    needs = import_module(f"{frameworks()[framework].formats}.{name}").NEEDS
    return f"with {', '.join(needs)}" if needs else "by itself"


def all_claims() -> str:
    """Every claim and what decides it."""
    rows = [(f"`{one.id}`", one.claim, one.decides, "; ".join(one.missing) or "–") for one in claims().values()]
    return table(("claim", "what people say", "what decides", "what this machine cannot have"), rows)


def all_facts() -> str:
    """Every fact, with its source."""
    rows = [
        (f"`{one.id}`", one.says, f"{one.date}", one.says_who, _source(one.source), f"{one.look_again}")
        for one in facts().values()
    ]
    return table(("fact", "what it says", "of", "who says so", "source", "look again"), rows)


def _source(source: str) -> str:
    return f"[page]({source})" if source.startswith("https://") else f"`{source}`"


def learned(rows_of: Callable[[Learning], tuple[tuple[str, ...], list[tuple[str, ...]]]]) -> str:
    """A table of what there is to learn."""
    found = learning()
    if found is None:
        raise SystemExit("there is no record of what there is to learn: make learning")
    return table(*rows_of(found))


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def choice_profiles() -> str:
    """The profiles that can be named."""
    rows = []
    for name, profile in profiles().items():
        said = profile.weighing
        numbers = (f"`{one}` {weight:g}" for one, weight in said.weights.items())
        counts = ", ".join(numbers) or "; ".join(f"`{chain}`" for chain in said.order)
        required = "; ".join(rules()[id_].text(value) for id_, value in profile.constraints.items())
        rows.append((f"`{name}`", profile.description, required, counts))
    return table(("profile", "for", "required", "what counts"), rows)


def choice_constraints() -> str:
    """What a profile may require."""
    named = [rule for rule in rules().values() if not rule.id.endswith(("-at-most", "-at-least"))]
    peak = rules()["peak-memory-at-most"]
    rows = [(f"`{rule.id}`", rule.summary, rule.expects) for rule in (*named, peak)]
    every = ("`CRITERION-at-most`, `CRITERION-at-least`", "the whole interval of a criterion's value is within it")
    return table(
        ("constraint", "requires that an option", "takes"), [*rows, (*every, "a number in the criterion's unit")]
    )


def choice_criteria() -> str:
    """What can be weighed, each on its fixed scale."""
    rows = []
    for kind in criteria().values():
        scale = kind.scale
        least = f"{kind.least - 1:.0%}" if scale.log else figure(kind.least, scale.unit)
        ends = (figure(scale.worst, scale.unit), figure(scale.best, scale.unit))
        rows.append((f"`{kind.id}`", kind.evidence, *ends, "log" if scale.log else "linear", least))
    return table(("criterion", "evidence", "utility 0", "utility 1", "scale", "less does not count"), rows)


TABLES: dict[str, tuple[str, Callable[[], str]]] = {
    "tolerances": ("ladder.md", fixed_tolerances),
    "limits": ("ladder.md", other_limits),
    "traps": ("ladder.md", traps),
    "layers": ("sides.md", layers),
    "sources": ("data.md", data_sources),
    "islands": ("vocabulary.md", islands),
    "impossible": ("vocabulary.md", impossible),
    "support": ("vocabulary.md", support),
    "options": ("vocabulary.md", options),
    "catalogue": ("traps.md", catalogue_of_traps),
    "profiles": ("choice.md", choice_profiles),
    "constraints": ("choice.md", choice_constraints),
    "criteria": ("choice.md", choice_criteria),
    "concepts": ("learning.md", partial(learned, concepts)),
    "edits": ("learning.md", partial(learned, edits)),
    "mistakes": ("learning.md", partial(learned, mistakes)),
    "mistakes-told": ("learning.md", partial(learned, mistakes_told)),
    "counted-on": ("learning.md", partial(learned, counted_on)),
    "claims": ("claims.md", all_claims),
    "facts": ("claims.md", all_facts),
    "targets": ("deploy.md", deploy_targets),
    "formats": ("deploy.md", deploy_formats),
}
"""Every table: its name between the markers, its page, and what makes it."""


def task_pages() -> dict[str, str]:
    """A page for each ready task, and one that lists them: by file name."""
    pages = {f"{name}.md": _task_page(name) for name in ready_tasks()}
    rows = [
        (f"[{line.name}]({line.name}.md)", line.title, f"{line.n_layers}", f"{line.n_parameters:,}")
        for line in task_list().tasks
    ]
    listed = table(("task", "what is learned", "layers", "parameters"), rows)
    pages["index.md"] = f"# The ready tasks\n\nEach can be shown, proven and compared by its name.\n\n{listed}\n"
    return pages


def _task_page(name: str) -> str:
    shown = {fidelity: shown_task(Wish(name, fidelity)) for fidelity in ("matched", "plain")}
    about = " ".join(read_task(name).about.split())
    parts = [f"# {name}: {shown['matched'].title}", "", about, "", "## The task", "", "```toml"]
    parts += [ready_tasks()[name].read_text(encoding="utf-8").strip(), "```"]
    for fidelity, heading in (
        ("matched", "The sides, `matched`: the same computation everywhere"),
        ("plain", "The sides, `plain`: each framework's own defaults"),
    ):
        parts += ["", f"## {heading}"]
        for side in shown[fidelity].sides:
            parts += ["", f"### {side.file}", "", "```python", side.code.strip(), "```"]
    return "\n".join(parts) + "\n"


def written(page: str, text: str) -> str:
    """The text of a page with all of its tables made anew."""
    for name, (home, make) in TABLES.items():
        if home == page:
            before, _, rest = text.partition(f"<!-- table: {name} -->\n")
            _, _, after = rest.partition(END)
            text = f"{before}<!-- table: {name} -->\n{make()}\n{END}{after}"
    return text


def main() -> None:
    """Write every page that has a table, and the pages of the ready tasks."""
    for page in dict.fromkeys(home for home, _ in TABLES.values()):
        path = DOCS / page
        path.write_text(written(page, path.read_text(encoding="utf-8")), encoding="utf-8")
    pages = task_pages()
    for path in (DOCS / "tasks").glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (DOCS / "tasks").mkdir(exist_ok=True)
        (DOCS / "tasks" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
