# Convolutions with channels first, and a flatten before a raw matrix
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 5, 3)
        self.w = nn.Parameter(torch.randn(5 * 9, 7) * 0.1)
        self.b = nn.Parameter(torch.zeros(7))
        self.head = nn.Linear(7, 4)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv(x)), 2)
        x = torch.relu(x.reshape(len(x), -1) @ self.w + self.b)
        return self.head(x)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
