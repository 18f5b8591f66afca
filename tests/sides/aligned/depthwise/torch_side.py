# Convolutions in groups
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.dw = nn.Conv2d(3, 6, 3, groups=3)
        self.pw = nn.Conv2d(6, 6, 1)
        self.dw2 = nn.Conv2d(6, 6, 3, groups=6, bias=False)
        self.pw2 = nn.Conv2d(6, 6, 1)
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        x = self.pw(self.dw(x).relu()).relu()
        x = self.pw2(self.dw2(x)).relu()
        return self.head(x.mean((2, 3)))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
