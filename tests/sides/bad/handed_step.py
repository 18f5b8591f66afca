# A step that is handed its model and its optimizer; the loss stands in it.
import torch
from torch import nn

net = nn.Linear(784, 10)
sgd = torch.optim.SGD(net.parameters(), lr=0.1)


def train_step(model, optimizer, batch):
    x, y = batch
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()
