# Regression, written with strings throughout.
from keras import Sequential
from keras.layers import Dense

model = Sequential([Dense(24, activation="relu"), Dense(24, activation="relu"), Dense(1)])
model.compile(optimizer="sgd", loss="mse")
