# A subclassed keras.Model with probabilities out.
import tensorflow as tf


class Digits(tf.keras.Model):
    def __init__(self, units=40):
        super().__init__()
        self.flatten = tf.keras.layers.Flatten()
        self.d1 = tf.keras.layers.Dense(units, activation=tf.nn.relu)
        self.d2 = tf.keras.layers.Dense(10, activation=tf.nn.softmax)

    def call(self, x):
        return self.d2(self.d1(self.flatten(x)))


model = Digits()
model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss=tf.keras.losses.SparseCategoricalCrossentropy())
