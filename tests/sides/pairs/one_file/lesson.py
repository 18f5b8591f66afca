# A lesson with both frameworks in one file: PyTorch first, the Keras model not built yet, other code around.
import numpy as np
import torch
import torch.nn as nn
from tensorflow import keras


def softmax(scores):
    e = np.exp(scores - scores.max())
    return e / e.sum()


print("softmax of 1, 2, 3:", softmax(np.array([1.0, 2.0, 3.0])))

# 1. PyTorch
class TorchNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 30)
        self.b = nn.Linear(30, 10)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))


net = TorchNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)

# 2. Keras
model = keras.Sequential([keras.layers.Dense(30, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

print("Both are ready. Which one is better?")
