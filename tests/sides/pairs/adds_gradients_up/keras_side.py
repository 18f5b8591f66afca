# A step after two batches, on the mean of their gradients.
import keras

model = keras.Sequential(
    [
        keras.layers.Input((8,)),
        keras.layers.Dense(16, activation="tanh"),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.05, gradient_accumulation_steps=2), loss="mean_squared_error")
