# A port that was done with care: Keras' Glorot kernels and zero biases are written out.
import torch
from torch import nn


def like_keras(module):
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


model = nn.Sequential(nn.Linear(8, 20), nn.Tanh(), nn.Linear(20, 1))
model.apply(like_keras)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
