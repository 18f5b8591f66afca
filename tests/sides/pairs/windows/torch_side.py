# The port with the usual padding of PyTorch: the same shapes, shifted windows, zeros that count in the mean.
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.second = nn.Conv2d(4, 6, 3)
        self.out = nn.Linear(6, 10)
        for layer in (self.first, self.second, self.out):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.avg_pool2d(x, 3, 2, 1)
        x = F.leaky_relu(self.second(x))
        return self.out(x.mean(dim=(2, 3)))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
