# The same two layers, with a loop of its own: the second takes the sequence, the head the last step of it.
import torch
from torch import nn
from torch.nn import functional as F


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.GRU(3, 5, batch_first=True, bidirectional=True)
        self.second = nn.GRU(10, 6, batch_first=True, bidirectional=True)
        self.hidden = nn.Linear(12, 4)
        self.answer = nn.Linear(4, 1)

    def forward(self, x):
        read = self.second(self.first(x.view(-1, 4, 3))[0])[0][:, -1]
        return self.answer(F.relu(self.hidden(read)))


model = Reader()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train_step(x, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
