# The same residual network in the functional style of Keras.
import keras
from keras import layers


def norm():
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)


def block(x, channels):
    y = layers.Conv2D(channels, 3, padding="same")(x)
    y = norm()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(channels, 3, padding="same")(y)
    y = norm()(y)
    y = layers.Add()([x, y])
    return layers.ReLU()(y)


inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(8, 3, padding="same")(inputs)
x = norm()(x)
x = layers.Activation("relu")(x)
x = layers.MaxPooling2D(2)(x)
x = block(x, 8)
x = layers.AveragePooling2D(2)(x)
x = block(x, 8)
x = layers.Flatten()(x)
x = layers.Dense(32, activation="relu")(x)
outputs = layers.Dense(10)(x)
model = keras.Model(inputs, outputs)
model.compile(
    optimizer=keras.optimizers.SGD(0.05),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
