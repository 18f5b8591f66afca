# Two models: ambiguous as it is; usable as two_models.py:small and, by the function, two_models.py:make_large.
import torch
from torch import nn

small = nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))
teacher = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(small.parameters(), lr=0.1)


def make_large():
    large = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    return large, nn.CrossEntropyLoss(), torch.optim.SGD(large.parameters(), lr=0.1)
