"""How a whole PyTorch side is laid out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar

from paragone.initialisers.base import Law
from paragone.sides.weight_map import Place
from paragone.sides.write.recipe import Recipe
from paragone.sides.write.reported import Reported
from paragone.sides.write.terms import SpelledTerm
from paragone.spelling.code import Code, Construct, literal, number
from paragone.spelling.site import Fidelity
from paragone.spelling.spelled import Layout, Note, Spelled, Step
from paragone.task.check import CheckedTask
from paragone.task.graph import Node

TEMPLATE = '''"""{{ docstring }}
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
{% for line in imports %}
{{ line }}
{% endfor %}

{% for helper in helpers %}
{{ helper }}


{% endfor %}
class {{ cls }}(nn.Module):
    def __init__(self) -> None:
        super().__init__()
{{ (members + starts) | indented(8) }}

    def forward(self, {{ inputs | join(": torch.Tensor, ") }}: torch.Tensor) -> {{ returns }}:
{{ body | indented(8) }}
        return {{ returned }}


model = {{ cls }}()
{{ learning.statements | join("\\n") }}

{% if learning.step %}

def train_step(x: {{ given }}, y: {{ wanted }}) -> torch.Tensor:
{{ learning.step | indented(4) }}


{% endif %}
{{ data }}


def tensors(arrays: tuple[np.ndarray, ...]) -> TensorDataset:
    """The arrays as PyTorch takes them{{ ": images channels first" if moved else "" }}."""
{{ moves | indented(4) }}


if __name__ == "__main__":
    train, test = (tensors(part) for part in load_data())
    loader = DataLoader(train, batch_size={{ batch_size }}, shuffle=True)
    for epoch in range({{ epochs }}):
        model.train()
        for {{ names | join(", ") }} in loader:
{{ learning.loop | indented(12) }}
        print(f"epoch {epoch + 1}: loss of the last batch {loss.item():.4f}")

    model.eval()
    with torch.no_grad():
        {{ names | join(", ") }} = test[:]
{% if main.metrics %}
        {{ outputs | join(", ") }} = model({{ inputs | join(", ") }})
{% else %}
        loss = {{ learning.loss }}
    print(f"test loss: {loss.item():.4f}")
{% endif %}
{% for one in main.metrics %}
    {{ one.variable }} = {{ numpy(one) }}
    print(f"test {{ one.title }}: { {{- one.variable -}} :.4f}")
{% endfor %}
'''


class TorchRecipe(Recipe):
    """A module with a criterion, an optimizer and, where it needs one, a training step of its own."""

    framework: ClassVar[str] = "torch"
    title: ClassVar[str] = "PyTorch"
    template: ClassVar[str] = TEMPLATE

    def __init__(self, task: CheckedTask, fidelity: Fidelity):
        super().__init__(task, fidelity)
        self.flat: dict[str, tuple[int, ...]] = {}
        self.taken_in: dict[str, Place] = {}

    # ------------------------------------------------------------------ layouts

    def place_inputs(self) -> None:
        """Channels first where the first layer that minds wants it so; data has truth values as 0 and 1."""
        self.body += [f"{name} = {name}.bool()" for name, one in self.graph.inputs.items() if one.kind == "bool"]
        for name, tensor in self.graph.inputs.items():
            self.layouts[name] = "first" if len(tensor.shape) > 1 and self._wants_first(name, set()) else "last"

    def _wants_first(self, name: str, seen: set[str]) -> bool:
        for node in self.graph.nodes:
            if name in node.inputs and node.name not in seen:
                seen.add(node.name)
                layout = self.spell(node.kind, self.site(node)).layout
                if layout == "first" and len(node.taken[node.inputs.index(name)].shape) > 2:
                    return True
                if layout == "any" and self._wants_first(node.name, seen):
                    return True
        return False

    def write_node(self, node: Node) -> None:
        """A member where the layer has an object, and a line of `forward`."""
        common = self._common(node)
        spelled = self.spell(node.kind, self.site(node, common))
        wanted: Layout = common if spelled.layout == "any" else spelled.layout
        values = [self._in_layout(name, wanted) for name in node.inputs]
        call = spelled.call.format(*values, layer=f"self.{node.shares or node.name}")
        self._note_flat(node, spelled, common)
        gives = wanted if spelled.gives in {None, "any"} else spelled.gives
        self.layouts[node.name] = "first" if gives == "first" and len(node.output.shape) > 1 else "last"
        notes = list(spelled.notes) if spelled.construct is None else []
        if node.activation:
            act = self.spell(node.activation.kind, self.act_site(node, node.activation, self.layouts[node.name]))
            call = self._acted(call, act, node)
            notes += act.notes
        comment = self.shaped(node.output, self.layouts[node.name])
        self.body += self.noted(f"{self.variable(node.name)} = {call}{comment}", notes)
        if not node.shares:
            self.members.append((node, self._with_rows(node, spelled)))

    def _common(self, node: Node) -> Place:
        """The layout of a node's inputs; of the largest ones where they differ, so that the least is moved."""
        named = {name: self.graph.tensor(name) for name in node.inputs if len(self.graph.tensor(name).shape) > 1}
        largest = max((tensor.size for tensor in named.values()), default=0)
        coming = [self.layouts[name] for name, tensor in named.items() if tensor.size == largest]
        common: Place = "first" if coming and all(place == "first" for place in coming) else "last"
        return self.taken_in.setdefault(node.shares or node.name, common)  # one object has one layout

    def _note_flat(self, node: Node, spelled: Spelled, coming: Place) -> None:
        """Remember what was flattened channels first, through layers that leave the order alone."""
        source = node.taken[0].shape
        if node.kind.name == "flatten" and spelled.layout == "any" and coming == "first" and len(source) > 1:
            self.flat[node.name] = source
        elif node.inputs[0] in self.flat and node.output == node.taken[0] and not node.weights:
            self.flat[node.name] = self.flat[node.inputs[0]]

    def _with_rows(self, node: Node, spelled: Spelled) -> Spelled:
        """The kernel behind a flatten that was channels first has its rows in that order (row G11)."""
        source = self.flat.get(node.inputs[0])
        if source is None or node.kind.name != "dense":
            return spelled
        kernel, *rest = spelled.placed
        *space, channels = source
        units, size = node.output.shape[-1], node.taken[0].size
        last = len(space) + 1
        steps: tuple[Step, ...] = (
            *kernel.steps,
            ("reshape", (channels, *space, units)),
            ("transpose", (*range(1, last), 0, last)),
            ("reshape", (size, units)),
        )
        return replace(spelled, placed=(replace(kernel, steps=steps), *rest))

    def _acted(self, call: str, act: Spelled, node: Node) -> str:
        place = self.layouts[node.name]
        if act.layout in {"any", place} or len(node.output.shape) < 2:
            return act.call.format(call)
        return _moved(act.call.format(_moved(call, act.layout)), place)

    def _in_layout(self, name: str, wanted: Layout) -> str:
        value, place = self.variable(name), self.layouts[name]
        if wanted in {"any", place} or len(self.graph.tensor(name).shape) < 2:
            return value
        return _moved(value, wanted)

    # ------------------------------------------------------------------ the model

    def model_values(self) -> dict[str, Any]:
        """Names, types and the way from arrays to tensors."""
        n_inputs, n_targets = len(self.graph.inputs), len(self.task.targets)
        many = "list[torch.Tensor]"
        return {
            "returns": _tuple_of(len(self.graph.outputs)),
            "given": "torch.Tensor" if n_inputs == 1 else many,
            "wanted": "torch.Tensor" if n_targets == 1 else many,
            "names": [*self.graph.inputs, *self.task.targets],
            "moves": self._moves(),
            "moved": any("movedim" in line for line in self._moves()),
            "numpy": self._numpy,
        }

    def _numpy(self, one: Reported) -> str:
        value = f"{one.output}.movedim(1, -1)" if self.layouts[one.output] == "first" else one.output
        wanted = f"{one.target}.movedim(1, -1)" if self.target_layout(one.target) == "first" else one.target
        return one.expression.format(output=f"{value}.numpy()", target=f"{wanted}.numpy()")

    def _moves(self) -> list[str]:
        names = [*self.graph.inputs, *self.task.targets]
        places = [self.layouts[name] for name in self.graph.inputs]
        places += [self.target_layout(name) for name in self.task.targets]
        if "first" not in places:
            return ["return TensorDataset(*map(torch.from_numpy, arrays))"]
        lines = [f"{', '.join(names)} = map(torch.from_numpy, arrays)"]
        moved = [f"{n}.movedim(-1, 1).contiguous()" if p == "first" else n for n, p in zip(names, places, strict=True)]
        return [*lines, f"return TensorDataset({', '.join(moved)})"]

    def member_lines(self, node: Node, spelled: Spelled) -> list[str]:
        """`self.name = nn.Something(…)`."""
        if spelled.construct is None:
            return []
        lines = self.noted(f"self.{node.name} = {spelled.construct.code()}", spelled.notes)
        return [*lines, *(line.format(layer=f"self.{node.name}") for line in spelled.setup)]

    def start_lines(self) -> list[str]:
        """Grouped by what is done to the weights."""
        said: dict[str, list[tuple[str, str]]] = {}
        for node, spelled in self.members:
            for placed, _, law, native in self.starts(node, spelled):
                said.setdefault(node.name, []).append((native or str(self.law_code(law)), placed.path))
        groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for owner, statements in said.items():
            groups.setdefault(tuple(dict.fromkeys(statements)), []).append(owner)  # parts of one array start as one
        lines = []
        for group, owners in groups.items():
            if len(owners) == 1:
                lines += [statement.format(_weight(owners[0], path)) for statement, path in group]
            else:
                lines.append(f"for name in {literal(owners)}:")
                weights = [f'self.get_parameter(f"{{name}}.{path}")' for _, path in group]
                lines += [f"    {one.format(weight)}" for (one, _), weight in zip(group, weights, strict=True)]
        comment = "# A1 to A8: PyTorch would draw weights from distributions of its own."
        head = comment if self.fidelity == "matched" else "# The task's own starting weights."
        return [head, *lines] if lines else []

    def parameter(self, owner: str, path: str) -> str:
        """A weight of a member; `nn.RNNBase` makes its own by name, and declares no attribute for them."""
        return f'{owner}.get_parameter("{path}")' if "_l0" in path else f"{owner}.{path}"

    def law_code(self, law: Law) -> Code:
        """A statement; `{0}` is the weight."""
        a, *_ = law.numbers
        if law.name == "uniform":
            return Code(f"nn.init.uniform_({{0}}, {number(law.numbers[0])}, {number(law.numbers[1])})")
        if law.name == "truncated_normal":
            return Code(f"nn.init.trunc_normal_({{0}}, 0.0, {number(a)}, {number(-2 * a)}, {number(2 * a)})")
        if law.name == "orthogonal" and a == 1.0:
            return Code("nn.init.orthogonal_({0})")
        names = {
            "constant": "constant_({0}, %s)",
            "normal": "normal_({0}, 0.0, %s)",
            "orthogonal": "orthogonal_({0}, %s)",
        }
        return Code("nn.init." + names[law.name] % number(a))

    # ------------------------------------------------------------------ learning

    def learning(self) -> dict[str, Any]:
        """Criterion, optimizer, scheduler, and the step where it is more than the plain one."""
        loss, call = self._loss()
        statements = [*loss, *self._optimizer(), *self._scheduler()]
        clipping = self._clipping()
        own = bool(clipping or self.task.schedule)
        given = ", ".join(self.graph.inputs)
        forward = "model(x)" if len(self.graph.inputs) == 1 else "model(*x)"
        before, after = self._scheduler_steps()
        step = [
            "optimizer.zero_grad()",
            f"loss = {call}({forward}, y)",
            "loss.backward()",
            *clipping,
            *before,
            "optimizer.step()",
            *after,
            "return loss",
        ]
        targets = list(self.task.targets)
        wanted = targets[0] if len(targets) == 1 else f"[{', '.join(targets)}]"
        x = given if len(self.graph.inputs) == 1 else f"[{given}]"
        loss_now = f"{call}(model({given}), {wanted})"
        plain = [
            "optimizer.zero_grad()",
            f"loss = {loss_now}",
            "loss.backward()",
            "optimizer.step()",
        ]
        return {
            "statements": statements,
            "step": step if own else [],
            "loss": loss_now,
            "loop": [f"loss = train_step({x}, {wanted})"] if own else plain,
        }

    def _loss(self) -> tuple[list[str], str]:
        terms = self.terms()
        spelled, weight = terms[0].spelled, terms[0].weight
        single = len(terms) == len(self.graph.outputs) == len(self.task.targets) == 1
        if single and spelled.made is not None and weight == 1.0 and not self.task.penalised:
            code = spelled.made.code() if isinstance(spelled.made, Construct) else spelled.made
            return self.noted(f"criterion = {code}", spelled.notes), "criterion"
        notes = [note for term in terms for note in term.spelled.notes]
        return ["", "", *self._loss_function(terms, notes)], "loss_fn"

    def _loss_function(self, terms: list[SpelledTerm], notes: list[Any]) -> list[str]:
        outputs, targets = list(self.graph.outputs), list(self.task.targets)
        unpack = []
        first = outputs[0] if len(outputs) == 1 else "outputs"
        second = targets[0] if len(targets) == 1 else "targets"
        if len(outputs) > 1:
            unpack.append(f"{', '.join(outputs)} = outputs")
        if len(targets) > 1:
            unpack.append(f"{', '.join(targets)} = targets")
        summands = [*(term.expression() for term in terms), *self.penalties()]
        types = (_tuple_of(len(outputs)), "torch.Tensor" if len(targets) == 1 else "list[torch.Tensor]")
        head = f"def loss_fn({first}: {types[0]}, {second}: {types[1]}) -> torch.Tensor:"
        body = [*unpack, *self.noted(f"return {' + '.join(summands)}", notes)]
        return [head, *(f"    {line}" for line in body), "", ""]

    def penalty_code(self, kernel: str, l1: float, l2: float) -> list[str]:
        """Penalties on one kernel."""
        first = [f"{number(l1)} * {kernel}.abs().sum()"] if l1 else []
        return first + ([f"{number(l2)} * {kernel}.square().sum()"] if l2 else [])

    def array_key(self, layer: str, path: str) -> Code:
        """The parameter itself."""
        return Code(f'model.get_parameter("{layer}.{path}")')

    def _optimizer(self) -> list[str]:
        spelled = self.optimizer(Code(number(self.task.optimizer.options.learning_rate)))
        return self.noted(f"optimizer = {spelled.made.code()}", spelled.notes)

    def _scheduler(self) -> list[str]:
        spelled = self.schedule()
        if spelled is None:
            return []
        return self.noted(f"scheduler = {spelled.code}", spelled.notes)

    def _scheduler_steps(self) -> tuple[list[str], list[str]]:
        """What steps the scheduler before and after the optimizer."""
        if not self.task.watches:
            return [], ["scheduler.step()"] if self.task.schedule else []
        told = "scheduler.step(loss.item())"
        if self.fidelity == "plain":
            return [], [told]
        return self.noted(told, [Note("F7", "the update has the new rate already, as in Optax")]), []

    def _clipping(self) -> list[str]:
        spelled = self.clipping()
        if spelled is None:
            return []
        return self.noted("\n".join(spelled.statements), spelled.notes)


def _weight(owner: str, path: str) -> str:
    """A weight of a member; only a plain `weight` is declared by all of PyTorch's layers as a tensor."""
    return f"self.{owner}.weight" if path == "weight" else f'self.get_parameter("{owner}.{path}")'


def _moved(value: str, place: Layout) -> str:
    if _OPERATION.search(value):
        value = f"({value})"
    return f"{value}.movedim(-1, 1)" if place == "first" else f"{value}.movedim(1, -1)"


def _tuple_of(n: int) -> str:
    return "torch.Tensor" if n == 1 else f"tuple[{', '.join(['torch.Tensor'] * n)}]"


_OPERATION = re.compile(r"\s[-+*/@]\s")
"""An operator in an expression, which a method may bind tighter than."""

RECIPE = TorchRecipe
