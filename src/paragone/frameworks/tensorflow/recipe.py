"""How a whole Keras side is laid out."""

from __future__ import annotations

import re
import textwrap
from typing import Any, ClassVar

from paragone.frameworks.tensorflow.brought import PENALTY, TRAIN_STEP
from paragone.frameworks.tensorflow.operations import operation_names
from paragone.initialisers.base import Law
from paragone.losses.base import LossSpelled
from paragone.losses.shared import trailing
from paragone.sides.write.naming import free_name
from paragone.sides.write.order import unordered_use
from paragone.sides.write.recipe import Recipe
from paragone.sides.write.terms import SpelledTerm, weighted
from paragone.sides.write.text import with_comments
from paragone.spelling.code import Code, Construct, construct, number
from paragone.spelling.spelled import Note, Spelled
from paragone.task.graph import Node
from paragone.task.names import plain_letters

TEMPLATE = '''"""{{ docstring }}
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
{% for line in imports %}
{{ line }}
{% endfor %}

{% for helper in helpers %}
{{ helper }}


{% endfor %}
{% if learning.model %}
{{ learning.model | join("\\n") }}


{% endif %}
{% if sequential %}
model = keras.Sequential(
    [
{{ sequential | indented(8) }}
    ],
    name="{{ name }}",
)
{% else %}
{{ given | join("\\n") }}
{{ body | join("\\n") }}
model = {{ learning.cls }}({{ arguments }}, name="{{ name }}")
{% endif %}
{{ learning.statements | join("\\n") }}


{{ data }}


if __name__ == "__main__":
    train, test = load_data()
    {{ names | join(", ") }} = train
    model.fit({{ x }}, {{ y }}, {{ fitting }}batch_size={{ batch_size }}, epochs={{ epochs }}, verbose=2)

    {{ names | join(", ") }} = test
{% if main.metrics %}
    {{ outputs | join(", ") }} = model.predict({{ x }}, verbose=0)
{% else %}
    loss = model.evaluate({{ x }}, {{ y }}, {{ weighing }}verbose=0, return_dict=True)["loss"]
    print(f"test loss: {loss:.4f}")
{% endif %}
{% for one in main.metrics %}
    {{ one.variable }} = {{ one.expression.format(output=one.output, target=one.target) }}
    print(f"test {{ one.title }}: { {{- one.variable -}} :.4f}")
{% endfor %}
'''
_DTYPES = {"int": "int32", "bool": "bool"}


class KerasRecipe(Recipe):
    """A `Sequential` model for a chain, the functional interface otherwise; compiled with loss and optimizer."""

    framework: ClassVar[str] = "tensorflow"
    title: ClassVar[str] = "Keras"
    template: ClassVar[str] = TEMPLATE

    def __init__(self, task: Any, fidelity: Any):
        super().__init__(task, fidelity)
        self._chain: list[str] | None = [] if self._is_chain() else None

    def _is_chain(self) -> bool:
        before = next(iter(self.graph.inputs))
        for node in self.graph.nodes:
            if node.inputs != (before,) or node.shares:
                return False
            before = node.name
        return len(self.graph.inputs) == 1 and self.graph.outputs == (before,)

    def place_inputs(self) -> None:
        """Channels last, as Keras has them."""
        self.layouts = dict.fromkeys([*self.graph.inputs, *(node.name for node in self.graph.nodes)], "last")

    # ------------------------------------------------------------------ the model

    def write_node(self, node: Node) -> None:
        """A line of the functional model, and an item of the sequential one."""
        self._check_order(node)
        spelled = self.spell(node.kind, self.site(node))
        act = self.spell(node.activation.kind, self.act_site(node, node.activation)) if node.activation else None
        fused = act is not None and spelled.fuses and bool(act.argument) and self._one_activation(node)
        made, notes = self._made(node, spelled, act if fused and act else None)
        if not node.shares:
            self.members.append((node, spelled))
        layer = free_name(f"{node.shares or node.name}_layer", self.task)
        if made is not None and self.graph_shares(node.name):
            self.body += self.noted(f"{layer} = {made.code()}", notes)
            notes = []
            maker = layer
        else:
            maker = layer if node.shares else (str(made.code()) if made else "")
        call = spelled.call.format(*[self.variable(name) for name in node.inputs], layer=maker)
        if act is not None and not fused:
            call = self._act_call(act, node).format(call)
            notes += act.notes
        self.body += self.noted(f"{self.variable(node.name)} = {call}{self.shaped(node.output)}", notes)
        self._link(node, spelled, made, act if not fused else None, notes)

    def _check_order(self, node: Node) -> None:
        """Keras orders calls by how far they are from the outputs: running statistics would move in another order."""
        rival = unordered_use(self.graph, node) if self.fidelity == "matched" else ""
        if rival:
            why = f"Keras chooses which of '{rival}' and '{node.name}' moves their running statistics first"
            raise self.cannot(f"'{node.name}', which shares the weights of '{node.shares}',", why)

    def _one_activation(self, node: Node) -> bool:
        """Whether all that use this node's object have the same activation, so that it can be the object's own."""
        owner = node.shares or node.name
        return all(one.activation == node.activation for one in self.graph.nodes if owner in {one.name, one.shares})

    def graph_shares(self, name: str) -> bool:
        """Whether another node uses this one's object."""
        return any(node.shares == name for node in self.graph.nodes)

    def _made(self, node: Node, spelled: Spelled, act: Spelled | None) -> tuple[Construct | None, list[Note]]:
        if spelled.construct is None or node.shares:
            return None, [] if node.shares else list(spelled.notes)
        made, notes = self.started(node, spelled)
        if act is not None:
            made = made.having(activation=Code(act.argument))
        made = self._penalised(node, spelled, made).having(name=node.name)
        return made, [*spelled.notes, *notes, *(act.notes if act else ())]

    def _penalised(self, node: Node, spelled: Spelled, made: Construct) -> Construct:
        if not (node.l1 or node.l2):
            return made
        roles = {weight.role for weight in node.weights if weight.regularised}
        if self.fidelity == "matched":
            self.need((PENALTY,))
            penalty = construct("Penalty", **{"l1": node.l1} if node.l1 else {}, **{"l2": node.l2} if node.l2 else {})
        elif node.l1 and node.l2:
            penalty = construct("keras.regularizers.L1L2", l1=node.l1, l2=node.l2)
        else:
            penalty = construct("keras.regularizers.L1" if node.l1 else "keras.regularizers.L2", node.l1 or node.l2)
        arguments = {p.regulariser: penalty.code() for p in spelled.placed if p.role in roles and p.regulariser}
        return made.having(**arguments)

    def _act_call(self, act: Spelled, node: Node) -> str:
        if act.construct is None:
            return act.call
        return act.call.replace("{layer}", self._act_layer(act.construct, node))

    def _act_layer(self, made: Construct, node: Node) -> str:
        """The layer of an activation, under a name that no other layer has."""
        return str(made.having(name=free_name(f"{node.name}_activation", self.task)).code())

    def _link(
        self, node: Node, spelled: Spelled, made: Construct | None, act: Spelled | None, notes: list[Note]
    ) -> None:
        """Keep the chain going, as long as every part of it is a layer."""
        if self._chain is None:
            return
        plain = made is not None and spelled.call == "{layer}({0})"
        if not plain or (act is not None and (act.construct is None or act.call != "{layer}({0})")):
            self._chain = None
            return
        assert made is not None
        self._said -= {f"{note.row} {note.reason}" for note in notes}
        lines = self.noted(f"{made.code()},{self.shaped(node.output)}", notes)
        if act is not None and act.construct is not None:
            lines.append(f"{self._act_layer(act.construct, node)},")
        self._chain += lines

    def taken_names(self) -> dict[str, str]:
        """Those of helpers, and of what becomes an operation of a functional model."""
        sources = [textwrap.dedent(helper.source) for helper in self.helpers.values()]
        operations = operation_names(with_comments("\n".join(self.body)), sources)
        return {**dict.fromkeys(operations, "an operation"), **super().taken_names()}

    def member_lines(self, node: Node, spelled: Spelled) -> list[str]:  # noqa: ARG002
        """None: layers are made where they are called."""
        return []

    def law_code(self, law: Law) -> Code:
        """An initialiser."""
        a, *rest = law.numbers
        if law.name == "uniform":
            return construct("keras.initializers.RandomUniform", a, rest[0]).code()
        if law.name in {"normal", "truncated_normal"}:
            name = "RandomNormal" if law.name == "normal" else "TruncatedNormal"
            return construct(f"keras.initializers.{name}", 0.0, a).code()
        return construct(f"keras.initializers.{law.name.capitalize()}", a).code()

    def _inputs(self) -> list[str]:
        lines = []
        for name, tensor in self.graph.inputs.items():
            dtype = {"dtype": _DTYPES[tensor.kind]} if tensor.kind in _DTYPES else {}
            lines.append(f"{name} = {construct('keras.Input', tensor.shape, **dtype, name=name).code()}")
        return lines

    def model_values(self) -> dict[str, Any]:
        """The model as a chain or as a graph, and names."""
        inputs, outputs, targets = list(self.graph.inputs), list(self.graph.outputs), list(self.task.targets)
        chain = self._chain if not (self._own_loss() or self._watches()) else None
        ends = [self.variable(name) for name in outputs]
        first = [line.partition(" = ")[2] + "," for line in self._inputs()] if chain is not None else []
        return {
            "sequential": [*first, *chain] if chain is not None else [],
            "given": self._inputs(),
            "arguments": f"{_one_or_list(inputs)}, {_one_or_list(ends)}",
            "name": re.sub(r"\W+", "_", plain_letters(self.task.task.name)).strip("_") or "model",
            "names": [*inputs, *targets],
            "x": _one_or_list(inputs),
            "y": _one_or_list([name for name in targets if name != self._fit_weight()]),
            "weighing": self._weighing(),
            "fitting": self._fitting(),
        }

    def _fitting(self) -> str:
        """Arguments of `fit` that only some tasks need."""
        called = self.task.watches and not self._watches()
        return self._weighing() + ("callbacks=[plateau], " if called else "")

    def _weighing(self) -> str:
        """The argument of `fit` and `evaluate` for weights of samples, if there is one."""
        weight = self._fit_weight()
        return f"sample_weight={weight}, " if weight else ""

    # ------------------------------------------------------------------ learning

    def _watches(self) -> bool:
        """Whether the training step itself must watch the loss; a `plain` side leaves it to Keras' callback."""
        return self.task.watches and self.fidelity == "matched"

    def _own_loss(self) -> bool:
        """Whether `compile` cannot say the loss: it takes one loss for each output, and a target for each."""
        pairs = [(term.output, term.target) for term in self.task.terms]
        targets = [name for name in self.task.targets if name != self._fit_weight()]
        expected = list(zip(self.graph.outputs, targets, strict=False))
        lengths = len(self.graph.outputs) == len(targets) == len(pairs)
        weighed = any(term.sample_weight for term in self.task.terms) and not self._fit_weight()
        return not lengths or pairs != expected or weighed

    def _fit_weight(self) -> str:
        """The target that `fit` takes as `sample_weight`: of one output, with the axes that Keras' values have."""
        term = self.task.terms[0]
        if len(self.task.terms) > 1 or not (term.sample_weight and term.kind.takes_target):
            return ""
        output, weight = self.graph.tensor(term.output), self.task.targets[term.sample_weight]
        fits = weight.shape == output.shape[:-1] and not self._lacks_axis(term.output, term.target)
        return term.sample_weight if fits and len(self.graph.outputs) == 1 else ""

    def _lacks_axis(self, output: str, target: str) -> bool:
        """Keras would take the last axis off the output of a sequence where the target has none, and then the time."""
        shape, wanted = self.graph.tensor(output).shape, self.task.targets[target].shape
        return len(shape) > 1 and shape[-1:] == (1,) and wanted == shape[:-1]

    def beside_targets(self) -> int | None:
        """Number of the target that `fit` takes as `sample_weight`."""
        name = self._fit_weight()
        return list(self.task.targets).index(name) if name else None

    def learning(self) -> dict[str, Any]:
        """`compile`, or a model class whose `compute_loss` says what `compile` cannot."""
        terms = self.terms()
        own = self._own_loss() or any(term.spelled.made is None for term in terms)
        statements, notes = self._optimizer()
        parts = [statements.pop()]
        before, after = self._watching(parts, notes) if self.task.watches else ([], [])
        statements += before
        if not own:
            parts += self._compiled_loss(terms)
            notes += [note for term in terms for note in term.spelled.notes]
        methods = [*(self._compute_loss(terms) if own else []), *(TRAIN_STEP.splitlines() if self._watches() else [])]
        return {
            "model": ["class Model(keras.Model):", *methods] if methods else [],
            "cls": "Model" if methods else "keras.Model",
            "statements": [*statements, *self.noted(f"model.compile({', '.join(parts)})", notes), *after],
        }

    def _watching(self, parts: list[str], notes: list[Note]) -> tuple[list[str], list[str]]:
        """Statements before and after `compile` for a schedule that watches the loss."""
        schedule = self.schedule()
        assert schedule is not None
        plateau = self.noted(f"plateau = {schedule.code}", schedule.notes)
        if not self._watches():
            return [], plateau
        optimizer = self.noted(parts[0].replace("=", " = ", 1), notes)
        parts[0] = "optimizer=optimizer"
        notes.clear()
        return [*optimizer, *plateau], []

    def _compiled_loss(self, terms: list[SpelledTerm]) -> list[str]:
        losses = _one_or_list([_made(term.spelled) for term in terms])
        weights = [term.weight for term in terms]
        said = f"[{', '.join(map(number, weights))}]" if len(weights) > 1 else number(weights[0])
        return [f"loss={losses}", *([f"loss_weights={said}"] if any(weight != 1.0 for weight in weights) else [])]

    def _compute_loss(self, terms: list[SpelledTerm]) -> list[str]:
        """The method of an own model class."""
        outputs, targets = list(self.graph.outputs), list(self.task.targets)
        unpack = [f"{', '.join(outputs)} = y_pred"] if len(outputs) > 1 else [f"{outputs[0]} = y_pred"]
        unpack += [f"{', '.join(targets)} = y"]
        summands = [self._summand(term) for term in terms]
        notes = [note for term in terms for note in term.spelled.notes]
        summands += ["sum(self.losses)"] if self.task.penalised else []
        body = [*unpack, *self.noted(f"return {' + '.join(summands)}", notes)]
        return [
            "    def compute_loss(",
            "        self, x=None, y=None, y_pred=None, sample_weight=None, training=True",
            "    ):",
            *(f"        {line}" for line in body),
        ]

    def _summand(self, term: SpelledTerm) -> str:
        """A term of an own `compute_loss`."""
        if term.spelled.expression:
            return term.expression()
        target, weight = term.target, ""
        if term.sample_weight:
            target += "[..., None]" if self._lacks_axis(term.output, term.target) else ""
            axes = len(self.graph.tensor(term.output).shape) - 1 - len(self.task.targets[term.sample_weight].shape)
            weight = f", sample_weight={term.sample_weight}{trailing(axes)}"
        return weighted(f"{_made(term.spelled)}({target}, {term.output}{weight})", term.weight)

    def array_key(self, layer: str, path: str) -> Code:
        """The path that Keras gives it."""
        return Code(f'model.get_layer("{layer}").{path}.path')

    def _optimizer(self) -> tuple[list[str], list[Note]]:
        """Statements, of which the last is the argument of `compile`."""
        schedule, clipping = None if self.task.watches else self.schedule(), self.clipping()
        rate = Code("schedule" if schedule else number(self.task.optimizer.options.learning_rate))
        spelled = self.optimizer(rate)
        lines = self.noted(f"schedule = {schedule.code}", schedule.notes) if schedule else []
        made, notes = spelled.made, list(spelled.notes)
        if clipping:
            made = made.having(**clipping.arguments)
            notes += clipping.notes
        return [*lines, f"optimizer={made.code()}"], notes

    def penalty_code(self, kernel: str, l1: float, l2: float) -> list[str]:  # noqa: ARG002
        """None: Keras' layers keep their penalties themselves."""
        return []


def _made(spelled: LossSpelled) -> str:
    """The object of a loss."""
    return str(spelled.made.code() if isinstance(spelled.made, Construct) else spelled.made)


def _one_or_list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


RECIPE = KerasRecipe
