"""What the recipes of all frameworks share: spelling the nodes, names of variables, helpers, starts, the weight map."""

from __future__ import annotations

import re
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from paragone.clipping.base import ClippingSpelled
from paragone.errors import InputError
from paragone.initialisers import initialiser_kinds
from paragone.initialisers.base import Law
from paragone.losses.base import LossSite, LossSpelled
from paragone.optimizers.entry import OptimizerSite, OptimizerSpelled
from paragone.plugins import spelled_by_others
from paragone.schedules.base import ScheduleSite, ScheduleSpelled
from paragone.sides.weight_map import MappedWeight, Place, WeightMap
from paragone.sides.write.formatting import LINE_LENGTH, formatted
from paragone.sides.write.naming import check_names, variables
from paragone.sides.write.reasons import default_notes, start_note
from paragone.sides.write.reported import reported
from paragone.sides.write.terms import SpelledTerm
from paragone.sides.write.text import MARK, comment, compiled, helper_text, short_docstrings, with_comments
from paragone.spelling.code import Code, Construct
from paragone.spelling.entry import CanonicalWeight
from paragone.spelling.site import Chosen, Fidelity, Impossible, Site
from paragone.spelling.spelled import Helper, Layout, Note, Placed, Spelled, Stacked
from paragone.task.check import CheckedTask, Term
from paragone.task.data.script import data_script
from paragone.task.graph import Act, Node
from paragone.task.names import class_name
from paragone.task.tensor import Tensor


@dataclass(frozen=True)
class WrittenSide:
    """A side that was written from a task.

    Args:
        framework: its id.
        fidelity: `plain` or `matched`.
        text: the file.
        weights: where its weights are.
    """

    framework: str
    fidelity: Fidelity
    text: str
    weights: WeightMap


class Recipe(ABC):
    """How a whole side is laid out in a framework.

    Args:
        task: what is to be written.
        fidelity: `plain` or `matched`.
    """

    framework: ClassVar[str]
    title: ClassVar[str]
    optimizers_of: ClassVar[str] = ""
    """Whose the optimizers are, where they are not the framework's own."""
    template: ClassVar[str]
    """The side's text with placeholders, in Jinja's language."""

    def __init__(self, task: CheckedTask, fidelity: Fidelity):
        self.task = task
        self.graph = task.graph
        self.fidelity = fidelity
        self.helpers: dict[str, Helper] = {}
        self.imports: dict[str, None] = {}
        self.layouts: dict[str, Place] = {}
        self.members: list[tuple[Node, Spelled]] = []
        self.body: list[str] = []
        self._said: set[str] = set()
        self._names = variables(self.graph)

    # ------------------------------------------------------------------ the whole

    def write(self) -> WrittenSide:
        """The file and the map of its weights.

        Raises:
            InputError: the framework cannot express a part of the task.
        """
        self.place_inputs()
        self.helpers.clear()
        self.imports.clear()
        for node in self.graph.nodes:
            self.write_node(node)
        parts = {"learning": self.learning(), "main": self.main_values(), **self.model_values()}
        text = self._render(parts)
        check_names(self.task, self.taken_names(), self.title)
        return WrittenSide(self.framework, self.fidelity, text, self._map())

    def _render(self, parts: dict[str, Any]) -> str:
        members = [line for node, spelled in self.members for line in self.member_lines(node, spelled)]
        starts = self.start_lines()  # these two may need helpers
        text = compiled(self.template).render(
            docstring=self._docstring(),
            imports=list(self.imports),
            helpers=[helper_text(helper) for helper in self.helpers.values()],
            data=short_docstrings(data_script(self.task.task.data.source)),
            cls=self.cls,
            task=self.task,
            batch_size=self.task.task.training.batch_size,
            epochs=self.task.task.training.epochs,
            members=members,
            starts=starts,
            body=self.body,
            inputs=list(self.graph.inputs),
            outputs=list(self.graph.outputs),
            returned=self.returned(),
            **parts,
        )
        return formatted(with_comments(text))

    @property
    def cls(self) -> str:
        """The name of the model's class."""
        return class_name(self.task.task.name, self.helpers)

    def _docstring(self) -> str:
        task = self.task.task
        title = " ".join(task.title.split()).rstrip(".") or class_name(task.name)
        lines = textwrap.wrap(f"{title}, in {self.title}.", LINE_LENGTH - 3)
        if task.about:
            lines += ["", *textwrap.wrap(" ".join(task.about.split()), LINE_LENGTH)]
        return "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''")

    @abstractmethod
    def place_inputs(self) -> None:
        """Decide the layout of the model's inputs."""

    @abstractmethod
    def write_node(self, node: Node) -> None:
        """Spell a node: a member, and a line of the body."""

    @abstractmethod
    def model_values(self) -> dict[str, Any]:
        """Values of the template about the model."""

    @abstractmethod
    def learning(self) -> dict[str, Any]:
        """Values of the template about loss and optimizer."""

    def main_values(self) -> dict[str, Any]:
        """Values of the template about the training and what is reported after it."""
        return {"metrics": list(reported(self.task))}

    @abstractmethod
    def member_lines(self, node: Node, spelled: Spelled) -> list[str]:
        """The statements that make a node's object."""

    def taken_names(self) -> dict[str, str]:
        """Names that no input, layer or target may have in this side: what each of them is."""
        imported = [name for line in self.imports for name in re.findall(r"\w+", line.partition("import ")[2])]
        return {**dict.fromkeys(imported, "an imported name"), **dict.fromkeys(self.helpers, "a function or class")}

    def start_lines(self) -> list[str]:
        """Statements that set starting weights after the objects were made; none where constructors do it."""
        return []

    # ------------------------------------------------------------------ spelling

    def spell(self, kind: Any, site: Site) -> Spelled:
        """A layer in this framework.

        Raises:
            InputError: it cannot be expressed.
        """
        writers = {framework: spelling.write for framework, spelling in kind.spellings.items()}
        spelled: Spelled = self._word("layers", kind.name, writers, site)
        return spelled

    def cannot(self, what: str, why: str) -> InputError:
        """The error for a part of the task that this framework cannot express."""
        return InputError(
            f"{what} cannot be written in {self.title}.",
            where=self.task.task.name or "task",
            expected="layers and options that all frameworks can express",
            received=why,
            next_step="docs/vocabulary.md says what each framework can express",
        )

    def need(self, helpers: Iterable[Helper], imports: Iterable[str] = ()) -> None:
        """Bring helpers into the file, each after those that it needs."""
        self.imports.update(dict.fromkeys(imports))
        for helper in helpers:
            self.need(helper.needs, helper.imports)
            self.helpers[helper.name] = helper

    def site(self, node: Node, layout: Layout = "last") -> Site:
        """A node as its spelling is told of it."""
        return Site(node.options, self.fidelity, node.name, node.taken, node.output, layout)

    def act_site(self, node: Node, act: Act, layout: Layout = "last") -> Site:
        """An activation as its spelling is told of it."""
        return Site(act.options, self.fidelity, f"{node.name}_activation", (node.output,), node.output, layout)

    # ------------------------------------------------------------------ names

    def variable(self, name: str) -> str:
        """The variable of a value."""
        return self._names[name]

    def returned(self) -> str:
        """The outputs as an expression."""
        names = [self.variable(name) for name in self.graph.outputs]
        return names[0] if len(names) == 1 else ", ".join(names)

    # ------------------------------------------------------------------ notes

    def noted(self, line: str, notes: Iterable[Note]) -> list[str]:
        """A statement with the reasons for it: in full the first time, then by their rows."""
        wanted = [note for note in notes if self.fidelity == "matched"]
        fresh = [note for note in wanted if f"{note.row} {note.reason}" not in self._said]
        self._said |= {f"{note.row} {note.reason}" for note in wanted}
        again = dict.fromkeys(note.row for note in wanted if note not in fresh)
        comments = [comment(f"{note.row}: {note.reason}.") for note in dict.fromkeys(fresh)]
        return [*comments, f"{line}  {MARK} {', '.join(again)}" if again else line]

    def shaped(self, tensor: Tensor, place: Place = "last") -> str:
        """The comment with a value's shape."""
        shape = tensor.shape
        if place == "first" and len(shape) > 1:
            shape = (shape[-1], *shape[:-1])
        return f"  {MARK} ({', '.join(map(str, ('batch', *shape)))}{',' if not shape else ''})"

    # ------------------------------------------------------------------ starting weights

    def starts(self, node: Node, spelled: Spelled) -> Iterator[tuple[Placed, CanonicalWeight, Law, str]]:
        """The weights whose start must be said: place, weight, law, and the framework's own expression if it is exact.

        A `plain` side says a start only where the task does; a `matched` one where the framework's default is another.
        """
        weights = {weight.role: weight for weight in node.weights}
        for placed in spelled.placed:
            weight = weights[placed.role]
            start = weight.start
            if placed.said or not weight.trainable or (self.fidelity == "plain" and not start.chosen):
                continue
            if start.name == placed.default and not start.options:
                continue
            kind = initialiser_kinds()[start.name]
            law = kind.law(kind.options.model_validate(dict(start.options)), start.fan_in, start.fan_out)
            exact = placed.native or law.name in {"constant", "orthogonal"}
            native = kind.native.get(self.framework, "") if exact and not start.options else ""
            yield placed, weight, law, native

    def started(self, node: Node, spelled: Spelled) -> tuple[Construct, tuple[Note, ...]]:
        """The constructor with its initialisers, and why they are said."""
        assert spelled.construct is not None
        made, notes = spelled.construct, []
        for placed, weight, law, native in self.starts(node, spelled):
            made = made.having(**{placed.argument: Code(native) if native else self.law_code(law)})
            notes.append(start_note(weight, self.title))
        return made, tuple(notes)

    @abstractmethod
    def law_code(self, law: Law) -> Code:
        """An initialiser of this law."""

    # ------------------------------------------------------------------ the loss

    def terms(self) -> list[SpelledTerm]:
        """The terms of the loss in this framework."""
        return [self._spelled_term(term) for term in self.task.terms]

    def _spelled_term(self, term: Term) -> SpelledTerm:
        output = self.graph.tensor(term.output)
        target = self.task.targets.get(term.target, output)
        weight = self.task.targets.get(term.sample_weight)
        site = LossSite(term.options, self.fidelity, output, target, self.layouts.get(term.output, "last"), weight)
        spelled: LossSpelled = self._word("losses", term.kind.name, term.kind.spellings, site)
        if weight is not None and spelled.made is None and "{weight}" not in spelled.expression:
            raise self.cannot(f"'{term.kind.name}' (losses)", "its spelling takes no weights of samples")
        return SpelledTerm(spelled, term.weight, term.output, term.target, term.sample_weight)

    @abstractmethod
    def penalty_code(self, kernel: str, l1: float, l2: float) -> list[str]:
        """Summands of the loss that keep one kernel small; they are part of it, not of the optimizer (row D15)."""

    def parameter(self, owner: str, path: str) -> str:
        """A weight of a member."""
        return f"{owner}.{path}"

    def penalties(self) -> list[str]:
        """The summands of the loss that keep kernels small."""
        found = []
        for node, spelled in self.members:
            roles = {weight.role for weight in node.weights if weight.regularised}
            for path in dict.fromkeys(placed.path for placed in spelled.placed if placed.role in roles):
                found += self.penalty_code(self.parameter(f"model.{node.name}", path), node.l1, node.l2)
        return found

    # ------------------------------------------------------------------ the optimizer

    def optimizer(self, learning_rate: Code) -> OptimizerSpelled:
        """The optimizer in this framework."""
        chosen = self.task.optimizer
        site = OptimizerSite(chosen.options, self.fidelity, learning_rate, self._stacked())
        found: OptimizerSpelled = self._word("optimizers", chosen.kind.name, chosen.kind.entry.spellings, site)
        more = default_notes(chosen.kind, site.departures, self.optimizers_of or self.title)
        return replace(found, notes=(*found.notes, *more))

    def _stacked(self) -> dict[Code, Stacked]:
        """The arrays that are not simply one canonical weight, by what the optimizer knows them by."""
        return {
            self.array_key(node.name, placed.path): placed.stacked
            for node, spelled in self.members
            for placed in spelled.placed
            if placed.stacked
        }

    def array_key(self, layer: str, path: str) -> Code:
        """What an optimizer of this framework knows a weight by: its path, where it is nothing else."""
        return Code(f'"{layer}.{path}"')

    def schedule(self) -> ScheduleSpelled | None:
        """The schedule in this framework, if the task has one."""
        chosen = self.task.schedule
        if chosen is None:
            return None
        rate = self.task.optimizer.options.learning_rate
        site = ScheduleSite(chosen.options, self.fidelity, rate, self.task.proportional)
        found: ScheduleSpelled = self._word("schedules", chosen.kind.name, chosen.kind.spellings, site)
        return found

    def clipping(self) -> ClippingSpelled | None:
        """The clipping in this framework, if the task has one."""
        chosen = self.task.clipping
        if chosen is None:
            return None
        site = Chosen(chosen.options, self.fidelity)
        found: ClippingSpelled = self._word("clipping", chosen.kind.name, chosen.kind.spellings, site)
        return found

    def _word(self, table: str, name: str, spellings: Mapping[str, Any], site: Chosen) -> Any:
        """A word of a table in this framework: ours, or what another package says."""
        write = spellings.get(self.framework)
        if write is None and table != "layers":
            write = spelled_by_others(table).get(name, {}).get(self.framework)
        spelled = write(site) if write else Impossible("nobody wrote its spelling")
        if isinstance(spelled, Impossible):
            raise self.cannot(f"'{name}' ({table})", spelled.why)
        self.need(spelled.helpers, spelled.imports)
        return spelled

    # ------------------------------------------------------------------ the map

    def _map(self) -> WeightMap:
        weights = [mapped for node, spelled in self.members for mapped in _mapped(node, spelled)]
        return WeightMap(
            inputs=tuple(self.layouts.get(name, "last") for name in self.graph.inputs),
            targets=tuple(self.target_layout(name) for name in self.task.targets),
            outputs=tuple(self.layouts.get(name, "last") for name in self.graph.outputs),
            weights=tuple(weights),
            zeros=tuple(f"{node.name}.{path}" for node, spelled in self.members for path in spelled.zeros),
            weighing=tuple(i for i, name in enumerate(self.task.targets) if name in self.task.weighing),
            sample_weight=self.beside_targets(),
        )

    def beside_targets(self) -> int | None:
        """Number of the target that the framework's training takes as weights of samples, if it is one."""
        return None

    def target_layout(self, name: str) -> Place:
        """A target that has the axes of an output has its layout too."""
        for term in self.task.terms:
            output = self.graph.tensor(term.output)
            if term.target == name and self.task.targets[name].shape == output.shape and len(output.shape) > 1:
                return self.layouts.get(term.output, "last")
        return "last"


def _mapped(node: Node, spelled: Spelled) -> Iterator[MappedWeight]:
    trainable = {weight.role: weight.trainable for weight in node.weights}
    for placed in spelled.placed:
        yield MappedWeight(
            name=f"{node.name}/{placed.role}",
            path=f"{node.name}.{placed.path}",
            steps=placed.steps,  # type: ignore[arg-type]  # checked by the model
            part=placed.part,
            trainable=trainable[placed.role],
        )
