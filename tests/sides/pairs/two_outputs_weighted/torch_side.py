# The form and the frequency of a wave, in PyTorch.
import torch
import torch.nn.functional as F
from torch import nn


class Waves(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(33, 24)
        self.form = nn.Linear(24, 3)
        self.hertz = nn.Linear(24, 1)
        for layer in (self.hidden, self.form, self.hertz):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, samples, interval):
        seen = torch.tanh(self.hidden(torch.cat([samples.flatten(1), interval], 1)))
        return self.form(seen), self.hertz(seen)


def criterion(outputs, targets):
    form, hertz = outputs
    return F.cross_entropy(form, targets[0]) + 0.5 * F.mse_loss(hertz, targets[1])


model = Waves()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
