# Keras' MultiHeadAttention: a projection each, heads on an axis of their own; a head of 4, whose scale is exact
import keras
from keras import layers

inputs = keras.Input((5, 6))
h = layers.Dense(16)(inputs)
h = h + layers.MultiHeadAttention(4, 4)(h, h)
h = layers.LayerNormalization(epsilon=1e-6)(h)
model = keras.Model(inputs, layers.Dense(3)(layers.GlobalAveragePooling1D()(h)))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
