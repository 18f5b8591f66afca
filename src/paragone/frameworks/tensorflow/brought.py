"""Source that a Keras side brings for its model: a training step that watches the loss, and exact penalties."""

from __future__ import annotations

from paragone.spelling.spelled import Helper, Note

TRAIN_STEP = """
    def train_step(self, data):
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, sample_weight)
        plateau.watch(loss)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
        return {metric.name: metric.result() for metric in self.metrics}
"""
PENALTY = Helper(
    "Penalty",
    '''
@keras.saving.register_keras_serializable()
class Penalty(keras.regularizers.Regularizer):
    """l1 times the sum of the absolute values, plus l2 times the sum of the squares."""

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = l1, l2

    def __call__(self, x):
        return self.l1 * ops.sum(ops.absolute(x)) + self.l2 * ops.sum(ops.square(x))

    def get_config(self):
        return {"l1": self.l1, "l2": self.l2}
''',
    Note("C7", "Keras rounds the strengths of its own penalties to float32"),
)
