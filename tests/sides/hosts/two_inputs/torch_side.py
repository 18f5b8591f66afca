# Two inputs, two branches, and a sum and a product of them.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(6, 12)
        self.left_norm = nn.LayerNorm(12)
        self.right = nn.Linear(4, 12)
        self.joint = nn.Linear(24, 10)
        self.last = nn.Linear(10, 1)

    def forward(self, a, b):
        left = torch.tanh(self.left_norm(self.left(a)))
        right = torch.sigmoid(self.right(b))
        joint = torch.cat([left + right, left * right], dim=1)
        hidden = nn.functional.elu(self.joint(joint))
        return self.last(hidden)


model = Net()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
