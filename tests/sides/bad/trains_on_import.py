# Trains while it is read, PyTorch; the first backward pass is in line 13.
import torch
from torch import nn

model = nn.Linear(784, 10)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

x, y = torch.randn(64, 784), torch.randint(0, 10, (64,))
for _ in range(3):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
