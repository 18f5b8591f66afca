# Raw parameters, (out, in)
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.ParameterList([nn.Parameter(torch.randn(8, 8) * 0.3) for _ in range(3)])
        self.biases = nn.ParameterList([nn.Parameter(torch.zeros(8)) for _ in range(3)])
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        for w, b in zip(self.weights, self.biases):
            x = torch.tanh(nn.functional.linear(x, w, b))
        return self.out(x)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
