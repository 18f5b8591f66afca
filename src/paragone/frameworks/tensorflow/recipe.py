"""How a whole Keras side is laid out."""

from __future__ import annotations

from typing import Any, ClassVar

from paragone.initialisers.base import Law
from paragone.sides.write.recipe import Recipe, SpelledTerm, weighted
from paragone.spelling.code import Code, Construct, construct
from paragone.spelling.spelled import Helper, Note, Spelled
from paragone.task.graph import Node

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
    model.fit({{ x }}, {{ y }}, batch_size={{ batch_size }}, epochs={{ epochs }}, verbose=2)

    {{ names | join(", ") }} = test
    {{ outputs | join(", ") }} = model.predict({{ x }}, verbose=0)
{% for title, expression, output, target in main.metrics %}
    {{ metric_name(title) }} = {{ expression.format(output=output, target=target) }}
    print(f"test {{ title }}: { {{- metric_name(title) -}} :.4f}")
{% endfor %}
'''
_DTYPES = {"int": "int32", "bool": "bool"}
_PENALTY = Helper(
    "Penalty",
    '''
class Penalty(keras.regularizers.Regularizer):
    """l1 times the sum of the absolute values, plus l2 times the sum of the squares."""

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = l1, l2

    def __call__(self, x):
        return self.l1 * ops.sum(ops.absolute(x)) + self.l2 * ops.sum(ops.square(x))
''',
    Note("C7", "Keras rounds the strengths of its own penalties to float32"),
)


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
        spelled = self.spell(node.kind, self.site(node))
        act = self.spell(node.activation.kind, self.act_site(node, node.activation)) if node.activation else None
        fused = act is not None and spelled.fuses and bool(act.argument)
        made, notes = self._made(node, spelled, act if fused and act else None)
        if not node.shares:
            self.members.append((node, spelled))
        layer = f"{node.shares or node.name}_layer"
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

    def graph_shares(self, name: str) -> bool:
        """Whether another node uses this one's object."""
        return any(node.shares == name for node in self.graph.nodes)

    def _made(self, node: Node, spelled: Spelled, act: Spelled | None) -> tuple[Construct | None, list[Note]]:
        if spelled.construct is None:
            return None, list(spelled.notes)
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
            self.need((_PENALTY,))
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
        return act.call.replace("{layer}", act.construct.having(name=f"{node.name}_activation").code())

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
            lines.append(f"{act.construct.having(name=f'{node.name}_activation').code()},")
        self._chain += lines

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
        chain = self._chain if not self._own_loss() else None
        ends = [self.variable(name) for name in outputs]
        first = [line.partition(" = ")[2] + "," for line in self._inputs()] if chain is not None else []
        return {
            "sequential": [*first, *chain] if chain is not None else [],
            "given": self._inputs(),
            "arguments": f"{_one_or_list(inputs)}, {_one_or_list(ends)}",
            "name": self.task.task.name.replace("-", "_") or "model",
            "names": [*inputs, *targets],
            "x": _one_or_list(inputs),
            "y": _one_or_list(targets),
            "metric_name": lambda title: title.replace(" ", "_"),
        }

    # ------------------------------------------------------------------ learning

    def _own_loss(self) -> bool:
        """Whether `compile` cannot say the loss: it takes one loss for each output, and a target for each."""
        pairs = [(term.output, term.target) for term in self.task.terms]
        expected = list(zip(self.graph.outputs, self.task.targets, strict=False))
        lengths = len(self.graph.outputs) == len(self.task.targets) == len(pairs)
        return not lengths or pairs != expected

    def learning(self) -> dict[str, Any]:
        """`compile`, or a model class whose `compute_loss` says what `compile` cannot."""
        terms = self.terms()
        own = self._own_loss() or any(spelled.made is None for spelled, *_ in terms)
        statements, notes = self._optimizer()
        parts = [statements.pop()]
        if not own:
            parts += self._compiled_loss(terms)
            notes += [note for spelled, *_ in terms for note in spelled.notes]
        return {
            "model": self._model_class(terms) if own else [],
            "cls": "Model" if own else "keras.Model",
            "statements": [*statements, *self.noted(f"model.compile({', '.join(parts)})", notes)],
        }

    def _compiled_loss(self, terms: list[SpelledTerm]) -> list[str]:
        made = [spelled.made.code() if isinstance(spelled.made, Construct) else spelled.made for spelled, *_ in terms]
        losses = str(made[0]) if len(made) == 1 else f"[{', '.join(map(str, made))}]"
        weights = [weight for _, weight, *_ in terms]
        said = f"{weights!r}" if len(weights) > 1 else f"{weights[0]!r}"
        return [f"loss={losses}", *([f"loss_weights={said}"] if any(weight != 1.0 for weight in weights) else [])]

    def _model_class(self, terms: list[SpelledTerm]) -> list[str]:
        outputs, targets = list(self.graph.outputs), list(self.task.targets)
        unpack = [f"{', '.join(outputs)} = y_pred"] if len(outputs) > 1 else [f"{outputs[0]} = y_pred"]
        unpack += [f"{', '.join(targets)} = y"]
        summands = [weighted(_expression(spelled, output, target), weight) for spelled, weight, output, target in terms]
        notes = [note for spelled, *_ in terms for note in spelled.notes]
        body = [*unpack, *self.noted(f"return {' + '.join([*summands, 'sum(self.losses)'])}", notes)]
        return [
            "class Model(keras.Model):",
            "    def compute_loss(",
            "        self, x=None, y=None, y_pred=None, sample_weight=None, training=True",
            "    ):",
            *(f"        {line}" for line in body),
        ]

    def _optimizer(self) -> tuple[list[str], list[Note]]:
        """Statements, of which the last is the argument of `compile`."""
        schedule, clipping = self.schedule(), self.clipping()
        rate = Code("schedule" if schedule else repr(self.task.optimizer.options.learning_rate))
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


def _expression(spelled: Any, output: str, target: str) -> str:
    if spelled.expression:
        return str(spelled.expression.format(output=output, target=target))
    made = spelled.made.code() if isinstance(spelled.made, Construct) else spelled.made
    return f"{made}({target}, {output})"


def _one_or_list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


RECIPE = KerasRecipe
