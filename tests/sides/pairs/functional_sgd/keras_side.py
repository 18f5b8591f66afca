# The functional API, logits out, SGD with momentum.
import keras

inputs = keras.Input(shape=(784,), name="pixels")
hidden = keras.layers.Dense(48, activation="relu", name="hidden")(inputs)
outputs = keras.layers.Dense(10, name="scores")(hidden)
model = keras.Model(inputs, outputs, name="classifier")

model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.05, momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
