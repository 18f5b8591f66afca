"""A framework from another package: NumPy alone, with one loss, one optimizer and the layers of a small perceptron."""

from __future__ import annotations

from paragone.frameworks.descriptor import Descriptor
from paragone.layers.base import Spelling
from paragone.losses.base import LossSpelled
from paragone.optimizers.entry import OptimizerSpelled
from paragone.plugins import Spellings
from paragone.sides.write.recipe import Recipe
from paragone.spelling.code import Code, construct
from paragone.spelling.spelled import Placed, Spelled

DESCRIPTOR = Descriptor(
    "plain_numpy", "plain NumPy", ("plain_numpy",), ("numpy",), "pip install numpy", "plain_numpy", "numpy",
    recipe="plain_numpy", side_file="numpy_side.py",
)  # fmt: skip

TEMPLATE = '''"""{{ docstring }}
"""

import numpy as np


class Dense:
    def __init__(self, n_in, n_out):
        self.kernel = np.random.default_rng(0).normal(size=(n_in, n_out)) / n_in**0.5
        self.bias = np.zeros(n_out)

    def __call__(self, x):
        self.x = x
        return x @ self.kernel + self.bias

    def back(self, slope, rate):
        before = slope @ self.kernel.T
        self.kernel -= rate * self.x.T @ slope
        self.bias -= rate * slope.sum(0)
        return before


class Relu:
    def __call__(self, x):
        self.on = x > 0
        return x * self.on

    def back(self, slope, rate):
        return slope * self.on


layers = [{{ made | join(", ") }}]


def model(x):
    for layer in layers:
        x = layer(x)
    return x


{{ data }}


if __name__ == "__main__":
    train, test = load_data()
    x, y = (array.reshape(len(array), -1) for array in train)
    for step in range(400):
        logits = model(x)
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        slope = (p - np.eye(10)[y[:, 0]]) / len(x)
        for layer in reversed(layers):
            slope = layer.back(slope, {{ learning.rate }})
    x, y = test
    print("test accuracy", float((model(x.reshape(len(x), -1)).argmax(1) == y).mean()))
'''


class NumpyRecipe(Recipe):
    framework, title, template = "plain_numpy", "plain NumPy", TEMPLATE

    def place_inputs(self):
        self.layouts = dict.fromkeys([*self.graph.inputs, *(node.name for node in self.graph.nodes)], "last")
        self.made = []

    def write_node(self, node):
        spelled = self.spell(node.kind, self.site(node))
        self.made += [str(spelled.construct.code())] if spelled.construct else []
        if node.activation:
            act = self.spell(node.activation.kind, self.act_site(node, node.activation))
            self.made.append(str(act.construct.code()))
        self.members.append((node, spelled))

    def member_lines(self, node, spelled):
        return []

    def model_values(self):
        return {"made": self.made}

    def learning(self):
        self.terms()
        return {"rate": 0.05, "made": self.optimizer(Code("0.5")).made.code()}

    def law_code(self, law):
        return Code("")

    def penalty_code(self, kernel, l1, l2):
        return []


RECIPE = NumpyRecipe
SPELLINGS = Spellings(
    "plain_numpy",
    layers={
        "flatten": Spelling(write=lambda _: Spelled(call="{0}")),
        "relu": Spelling(write=lambda _: Spelled(construct("Relu"))),
        "dense": Spelling(
            write=lambda site: Spelled(
                construct("Dense", site.channels, site.options.units),
                placed=(Placed("kernel_io", "kernel"), Placed("bias", "bias")),
            )
        ),
    },
    losses={"sparse_categorical_crossentropy": lambda _: LossSpelled("cross_entropy({output}, {target})")},
    optimizers={"adam": lambda site: OptimizerSpelled(construct("descent", site.learning_rate))},
)
