"""How a whole side in JAX, with Flax NNX and Optax, is laid out."""

from __future__ import annotations

from typing import Any, ClassVar

from paragone.initialisers.base import Law
from paragone.sides.write.recipe import Recipe, SpelledTerm, weighted
from paragone.spelling.code import Code
from paragone.spelling.spelled import Helper, Note, Spelled
from paragone.task.graph import Node

TEMPLATE = '''"""{{ docstring }}
"""

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
{% for line in imports %}
{{ line }}
{% endfor %}

{% for helper in helpers %}
{{ helper }}


{% endfor %}
class {{ cls }}(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
{{ members | indented(8) }}

    def __call__(self, {{ inputs | join(": jax.Array, ") }}: jax.Array) -> {{ returns }}:
{{ body | indented(8) }}
        return {{ returned }}


model = {{ cls }}(nnx.Rngs(0))
{{ learning.statements | join("\\n") }}


{{ learning.loss | join("\\n") }}


@nnx.jit
def train_step(
    model: {{ cls }}, optimizer: nnx.Optimizer, x: {{ given }}, y: {{ wanted }}
) -> jax.Array:
    loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
    optimizer.update(model, grads)
    return loss


{{ data }}


if __name__ == "__main__":
    train, test = load_data()
    shuffle = np.random.default_rng(0)
    for epoch in range({{ epochs }}):
        model.train()
        order = shuffle.permutation(len(train[0]))
        for start in range(0, len(order), {{ batch_size }}):
            {{ names | join(", ") }} = (jnp.asarray(array[order[start : start + {{ batch_size }}]]) for array in train)
            loss = train_step(model, optimizer, {{ x }}, {{ y }})
        print(f"epoch {epoch + 1}: loss of the last batch {loss:.4f}")

    model.eval()
    {{ names | join(", ") }} = map(jnp.asarray, test)
    {{ outputs | join(", ") }} = model({{ inputs | join(", ") }})
{% for title, expression, output, target in main.metrics %}
    {{ metric_name(title) }} = {{ expression.format(output=output, target=target) }}
    print(f"test {{ title }}: { {{- metric_name(title) -}} :.4f}")
{% endfor %}
'''

_UNIFORM = Helper(
    "uniform",
    '''
def uniform(low: float, high: float) -> nnx.Initializer:
    """Starting weights from U(low, high)."""
    return lambda key, shape, dtype=jnp.float32, **_: jax.random.uniform(key, shape, dtype, low, high)
''',
    Note("A1", "jax.nn.initializers.uniform draws from 0 to its scale"),
)


class JaxRecipe(Recipe):
    """A Flax NNX module with a loss function and an Optax transformation."""

    framework: ClassVar[str] = "jax"
    title: ClassVar[str] = "JAX (Flax NNX, Optax)"
    template: ClassVar[str] = TEMPLATE

    def place_inputs(self) -> None:
        """Channels last, as everywhere in Flax."""
        self.layouts = dict.fromkeys([*self.graph.inputs, *(node.name for node in self.graph.nodes)], "last")

    def write_node(self, node: Node) -> None:
        """A member where the layer has an object, and a line of `__call__`."""
        spelled = self.spell(node.kind, self.site(node))
        values = [self.variable(name) for name in node.inputs]
        call = spelled.call.format(*values, layer=f"self.{node.shares or node.name}")
        notes = list(spelled.notes) if spelled.construct is None else []
        if node.activation:
            act = self.spell(node.activation.kind, self.act_site(node, node.activation))
            call = act.call.format(call)
            notes += act.notes
        self.body += self.noted(f"{self.variable(node.name)} = {call}{self.shaped(node.output)}", notes)
        if not node.shares:
            self.members.append((node, spelled))

    def member_lines(self, node: Node, spelled: Spelled) -> list[str]:
        """`self.name = nnx.Something(…, rngs=rngs)`."""
        if spelled.construct is None:
            return []
        made, notes = self.started(node, spelled)
        kwargs = dict(made.kwargs)
        if "rngs" in kwargs:
            kwargs["rngs"] = kwargs.pop("rngs")
        ordered = type(made)(made.callee, made.args, kwargs)
        lines = self.noted(f"self.{node.name} = {ordered.code()}", [*spelled.notes, *notes])
        return [*lines, *(line.format(layer=f"self.{node.name}") for line in spelled.setup)]

    def law_code(self, law: Law) -> Code:
        """An initialiser."""
        numbers = ", ".join(repr(number) for number in law.numbers)
        if law.name == "uniform":
            self.need((_UNIFORM,))
            return Code(f"uniform({numbers})")
        return Code(f"nnx.initializers.{law.name}({numbers})")

    def model_values(self) -> dict[str, Any]:
        """Names and types."""
        n_inputs, inputs, targets = len(self.graph.inputs), list(self.graph.inputs), list(self.task.targets)
        many = "list[jax.Array]"
        return {
            "returns": _tuple_of(len(self.graph.outputs)),
            "given": "jax.Array" if n_inputs == 1 else many,
            "wanted": "jax.Array" if len(targets) == 1 else many,
            "names": [*inputs, *targets],
            "x": inputs[0] if n_inputs == 1 else f"[{', '.join(inputs)}]",
            "y": targets[0] if len(targets) == 1 else f"[{', '.join(targets)}]",
            "metric_name": lambda title: title.replace(" ", "_"),
        }

    # ------------------------------------------------------------------ learning

    def learning(self) -> dict[str, Any]:
        """The transformation and the loss function."""
        return {"statements": self._optimizer(), "loss": self._loss_function(self.terms())}

    def _optimizer(self) -> list[str]:
        schedule, clipping = self.schedule(), self.clipping()
        rate = Code("schedule" if schedule else repr(self.task.optimizer.options.learning_rate))
        spelled = self.optimizer(rate)
        lines = self.noted(f"schedule = {schedule.code}", schedule.notes) if schedule else []
        made, notes = spelled.made.code(), list(spelled.notes)
        if clipping:
            made = Code(f"optax.chain({clipping.transformation}, {made})")
            notes += clipping.notes
        return [*lines, *self.noted(f"optimizer = nnx.Optimizer(model, {made}, wrt=nnx.Param)", notes)]

    def _loss_function(self, terms: list[SpelledTerm]) -> list[str]:
        outputs, targets = list(self.graph.outputs), list(self.task.targets)
        head = f"def loss_fn(model: nnx.Module, x: {self.model_values()['given']}, y: {self.model_values()['wanted']})"
        called = "model(x)" if len(self.graph.inputs) == 1 else "model(*x)"
        body = [f"{', '.join(outputs)} = {called}"]
        body += [f"{', '.join(targets)} = y"] if len(targets) > 1 else []
        summands = [
            weighted(spelled.expression.format(output=output, target=target if len(targets) > 1 else "y"), weight)
            for spelled, weight, output, target in terms
        ]
        notes = [note for spelled, *_ in terms for note in spelled.notes]
        body += self.noted(f"return {' + '.join([*summands, *self.penalties()])}", notes)
        cls_head = head.replace("nnx.Module", self._class())
        return [f"{cls_head} -> jax.Array:", *(f"    {line}" for line in body)]

    def _class(self) -> str:
        from paragone.task.names import class_name

        return class_name(self.task.task.name)

    def penalty_code(self, kernel: str, l1: float, l2: float) -> list[str]:
        """Penalties on one kernel."""
        first = [f"{l1!r} * jnp.abs({kernel}[...]).sum()"] if l1 else []
        return first + ([f"{l2!r} * jnp.square({kernel}[...]).sum()"] if l2 else [])


def _tuple_of(n: int) -> str:
    return "jax.Array" if n == 1 else f"tuple[{', '.join(['jax.Array'] * n)}]"


RECIPE = JaxRecipe
