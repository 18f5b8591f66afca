# A learning rate so large that the loss is no number after a few steps.
import torch
from torch import nn

model = nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e30)
