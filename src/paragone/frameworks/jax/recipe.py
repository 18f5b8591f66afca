"""How a whole side in JAX, with Flax NNX and Optax, is laid out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from paragone.initialisers.base import Law
from paragone.sides.write.recipe import Recipe
from paragone.sides.write.terms import SpelledTerm
from paragone.spelling.code import Code, Construct, literal, number
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
    optimizer.update(model, grads{{ learning.watched }})
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
{% if main.metrics %}
    {{ outputs | join(", ") }} = model({{ inputs | join(", ") }})
{% else %}
    loss = loss_fn(model, {{ x }}, {{ y }})
    print(f"test loss: {loss:.4f}")
{% endif %}
{% for one in main.metrics %}
    {{ one.variable }} = {{ one.expression.format(output=one.output, target=one.target) }}
    print(f"test {{ one.title }}: { {{- one.variable -}} :.4f}")
{% endfor %}
'''

_CHAIN = "optax.chain"
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
    optimizers_of: ClassVar[str] = "Optax"
    template: ClassVar[str] = TEMPLATE

    def place_inputs(self) -> None:
        """Channels last, as everywhere in Flax; data has truth values as 0 and 1."""
        self.body += [f"{name} = {name}.astype(bool)" for name, one in self.graph.inputs.items() if one.kind == "bool"]
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
        numbers = ", ".join(map(number, law.numbers))
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
        }

    # ------------------------------------------------------------------ learning

    def learning(self) -> dict[str, Any]:
        """The transformation and the loss function."""
        return {
            "statements": self._watched() if self.task.watches else self._optimizer(),
            "loss": self._loss_function(self.terms()),
            "watched": ", value=loss" if self.task.watches else "",
        }

    def _watched(self) -> list[str]:
        """The optimizer with a schedule that is given the loss in its update: behind it, or inside of it."""
        schedule = self.schedule()
        assert schedule is not None
        behind = self.task.proportional or self.fidelity == "plain"
        spelled = self.optimizer(Code(number(self.task.optimizer.options.learning_rate) if behind else "learning_rate"))
        if behind:
            parts = [*_links(spelled.made), schedule.code]
        else:
            made = f"optax.inject_hyperparams(lambda learning_rate: {spelled.made.code()})"
            parts = [Code(f"{made}({schedule.code})")]
        return self._made(parts, spelled.notes, schedule.notes)

    def _optimizer(self) -> list[str]:
        schedule = self.schedule()
        rate = Code("schedule" if schedule else number(self.task.optimizer.options.learning_rate))
        spelled = self.optimizer(rate)
        lines = self.noted(f"schedule = {schedule.code}", schedule.notes) if schedule else []
        return [*lines, *self._made(_links(spelled.made), spelled.notes)]

    def _made(self, parts: list[Code], notes: Iterable[Note], more: Iterable[Note] = ()) -> list[str]:
        """The optimizer of these transformations, behind the clipping if there is one."""
        clipping = self.clipping()
        if clipping is not None and clipping.transformation is not None:
            parts, notes = [clipping.transformation, *parts], [*notes, *clipping.notes]
        made = parts[0] if len(parts) == 1 else f"{_CHAIN}({', '.join(parts)})"
        return self.noted(f"optimizer = nnx.Optimizer(model, {made}, wrt=nnx.Param)", [*notes, *more])

    def _loss_function(self, terms: list[SpelledTerm]) -> list[str]:
        outputs, targets = list(self.graph.outputs), list(self.task.targets)
        head = f"def loss_fn(model: nnx.Module, x: {self.model_values()['given']}, y: {self.model_values()['wanted']})"
        called = "model(x)" if len(self.graph.inputs) == 1 else "model(*x)"
        body = [f"{', '.join(outputs)} = {called}"]
        body += [f"{', '.join(targets)} = y"] if len(targets) > 1 else []
        names = {targets[0]: "y"} if len(targets) == 1 else {}
        summands = [term.expression(**names) for term in terms]
        notes = [note for term in terms for note in term.spelled.notes]
        body += self.noted(f"return {' + '.join([*summands, *self.penalties()])}", notes)
        cls_head = head.replace("nnx.Module", self.cls)
        return [f"{cls_head} -> jax.Array:", *(f"    {line}" for line in body)]

    def penalty_code(self, kernel: str, l1: float, l2: float) -> list[str]:
        """Penalties on one kernel."""
        first = [f"{number(l1)} * jnp.abs({kernel}[...]).sum()"] if l1 else []
        return first + ([f"{number(l2)} * jnp.square({kernel}[...]).sum()"] if l2 else [])


def _links(made: Construct) -> list[Code]:
    """A transformation, or those that it chains."""
    return [Code(literal(part)) for part in made.args] if made.callee == _CHAIN else [made.code()]


def _tuple_of(n: int) -> str:
    return "jax.Array" if n == 1 else f"tuple[{', '.join(['jax.Array'] * n)}]"


RECIPE = JaxRecipe
