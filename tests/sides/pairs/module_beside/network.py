# The PyTorch network, in a module of its own beside the side.
from settings import CLASSES, HIDDEN
from torch import nn


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, HIDDEN)
        self.fc2 = nn.Linear(HIDDEN, CLASSES)

    def forward(self, x):
        return self.fc2(nn.functional.relu(self.fc1(x)))
