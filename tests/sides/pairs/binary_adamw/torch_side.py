# A yes or no from twelve numbers: BCEWithLogitsLoss, AdamW with its own default decay of 0.01.
from torch import nn, optim


class Binary(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 1))

    def forward(self, features):
        return self.net(features)


model = Binary()
bce = nn.BCEWithLogitsLoss()
optimizer = optim.AdamW(model.parameters(), lr=2e-3)
