# Layer norm and GELU with their defaults in PyTorch.
from collections import OrderedDict

import torch
from torch import nn

model = nn.Sequential(OrderedDict([
    ("flatten", nn.Flatten()),
    ("inner", nn.Linear(784, 32)),
    ("norm", nn.LayerNorm(32)),
    ("gelu", nn.GELU()),
    ("outer", nn.Linear(32, 10)),
]))
objective = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
