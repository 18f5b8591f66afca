# A depthwise convolution with two windows for each channel
import keras
from keras import layers

inputs = keras.Input((8, 8, 3))
x = layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu")(inputs)
x = layers.Conv2D(6, 1, activation="relu")(x)
x = layers.SeparableConv2D(6, 3, activation="relu")(x)
model = keras.Model(inputs, layers.Dense(4)(layers.GlobalAveragePooling2D()(x)))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
