# Everything is made by a function, the loss as well.
import torch
from torch import nn


def make():
    model = nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))

    def smoothed(outputs, targets):
        return nn.functional.cross_entropy(outputs, targets, label_smoothing=0.1)

    return model, smoothed, torch.optim.SGD(model.parameters(), lr=0.1)
