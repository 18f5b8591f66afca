# Takes 100 numbers where the digits have 784.
import torch
from torch import nn

model = nn.Sequential(nn.Linear(100, 16), nn.ReLU(), nn.Linear(16, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
