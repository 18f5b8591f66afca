# Builds well and raises at the third training step.
import torch
from torch import nn

model = nn.Linear(784, 10)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
steps = 0


def train_step(x, y):
    global steps
    steps += 1
    if steps == 3:
        raise ValueError("the third step is one too many")
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
