"""DenseNet-121 (Huang et al. 2017) for 32 x 32 images, in Keras."""

import keras
from keras import layers

GROWTH = 32


def dense_layer(x):
    y = layers.Activation("relu")(layers.BatchNormalization()(x))
    y = layers.Conv2D(4 * GROWTH, 1, use_bias=False)(y)
    y = layers.Activation("relu")(layers.BatchNormalization()(y))
    y = layers.Conv2D(GROWTH, 3, padding="same", use_bias=False)(y)
    return layers.Concatenate()([x, y])


def transition(x):
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.Conv2D(x.shape[-1] // 2, 1, use_bias=False)(x)
    return layers.AveragePooling2D(2)(x)


inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(2 * GROWTH, 7, strides=2, padding="same", use_bias=False)(inputs)
x = layers.Activation("relu")(layers.BatchNormalization()(x))
x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
for block, times in enumerate((6, 12, 24, 16)):
    if block:
        x = transition(x)
    for _ in range(times):
        x = dense_layer(x)
x = layers.Activation("relu")(layers.BatchNormalization()(x))
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
