# Outputs in a dict
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 5)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        features = torch.tanh(self.body(x))
        return {"logits": self.head(features), "features": features}


model = Net()


def criterion(out, y):
    return nn.functional.cross_entropy(out["logits"], y)


optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
