# The same two branches in the functional style of Keras.
import keras
from keras import layers

a = keras.Input((6,))
b = keras.Input((4,))
left = layers.Dense(12)(a)
left = layers.LayerNormalization(epsilon=1e-5)(left)
left = layers.Activation("tanh")(left)
right = layers.Dense(12, activation="sigmoid")(b)
total = layers.Add()([left, right])
product = layers.Multiply()([left, right])
joint = layers.Concatenate()([total, product])
hidden = layers.Dense(10, activation="elu")(joint)
outputs = layers.Dense(1)(hidden)
model = keras.Model([a, b], outputs)
model.compile(optimizer=keras.optimizers.SGD(0.02), loss="mean_squared_error")
