# An LSTM written by hand with a matrix for each gate; the state is as wide as the input
import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, d, n):
        super().__init__()
        self.wf = nn.Parameter(torch.randn(d, n) * 0.1)
        self.wi = nn.Parameter(torch.randn(d, n) * 0.1)
        self.wc = nn.Parameter(torch.randn(d, n) * 0.1)
        self.wo = nn.Parameter(torch.randn(d, n) * 0.1)
        self.uf = nn.Parameter(torch.randn(n, n) * 0.1)
        self.ui = nn.Parameter(torch.randn(n, n) * 0.1)
        self.uc = nn.Parameter(torch.randn(n, n) * 0.1)
        self.uo = nn.Parameter(torch.randn(n, n) * 0.1)
        self.bf = nn.Parameter(torch.ones(n))
        self.bi = nn.Parameter(torch.zeros(n))
        self.bc = nn.Parameter(torch.zeros(n))
        self.bo = nn.Parameter(torch.zeros(n))

    def forward(self, x, h, c):
        f = torch.sigmoid(x @ self.wf + h @ self.uf + self.bf)
        i = torch.sigmoid(x @ self.wi + h @ self.ui + self.bi)
        g = torch.tanh(x @ self.wc + h @ self.uc + self.bc)
        o = torch.sigmoid(x @ self.wo + h @ self.uo + self.bo)
        c = f * c + i * g
        return o * torch.tanh(c), c


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = Cell(6, 6)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        h = c = torch.zeros(len(x), 6)
        for t in range(x.shape[1]):
            h, c = self.cell(x[:, t], h, c)
        return self.head(h)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
