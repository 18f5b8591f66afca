"""Optimizers as people write them in Keras, and what they are taken for."""

import json

import keras
from keras import ops

from paragone.frameworks.tensorflow.moves import moves
from paragone.meaning.optimizer import recognise


class AfterAdam(keras.optimizers.Adam):
    """Epsilon after the bias correction."""

    def update_step(self, gradient, variable, learning_rate):
        at = self._get_variable_index(variable)
        m, v = self._momentums[at], self._velocities[at]
        t = ops.cast(self.iterations + 1, variable.dtype)
        b1, b2 = (ops.convert_to_tensor(b, variable.dtype) for b in (self.beta_1, self.beta_2))
        m.assign(b1 * m + (1 - b1) * gradient)
        v.assign(b2 * v + (1 - b2) * gradient**2)
        root = ops.sqrt(v / (1 - ops.power(b2, t))) + self.epsilon
        variable.assign_sub(ops.cast(learning_rate, variable.dtype) * m / (1 - ops.power(b1, t)) / root)


class Needy(keras.optimizers.SGD):
    """Made with what its configuration does not hold."""

    def __init__(self, model, **options):
        super().__init__(**options)
        self.model = model


def told(optimizer):
    shown = moves(optimizer)
    found = recognise(*shown) if shown else None
    assert int(optimizer.iterations) == 0
    return found and [found.kind.name, dict(found.options)]


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    rate = keras.optimizers.schedules.ExponentialDecay(0.01, 2, 0.5)
    after = AfterAdam(rate, beta_2=0.99, epsilon=1e-6, clipnorm=0.1)
    print(json.dumps({"AfterAdam": told(after), "Needy": told(Needy(object())), "untouched": after.clipnorm == 0.1}))
