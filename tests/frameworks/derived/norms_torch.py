"""Classes derived from PyTorch's batch normalisation."""

import torch
from torch import nn


class Biased(nn.BatchNorm1d):
    def forward(self, x):
        n = len(x)
        before = self.running_var.clone()
        out = super().forward(x)
        kept = (1 - self.momentum) * before
        self.running_var.copy_(kept + (self.running_var - kept) * (n - 1) / n)
        return out


class Unbiased(nn.BatchNorm1d):
    def forward(self, x):
        return super().forward(x) * 1.0


class Unbiased2d(nn.BatchNorm2d):
    def forward(self, x):
        return super().forward(x) * 1.0


class ByLess(nn.BatchNorm1d):
    def forward(self, x):
        if not self.training:
            return super().forward(x)
        var, mean = torch.var_mean(x, 0)
        with torch.no_grad():
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(var, self.momentum)
        return (x - mean) / torch.sqrt(var + self.eps) * self.weight + self.bias


class Odd(nn.BatchNorm1d):
    def forward(self, x):
        out = super().forward(x)
        self.running_var.add_(len(x))
        return out


def made(name, shape):
    if len(shape) == 3:
        return {"Unbiased": Unbiased2d, "Own": nn.BatchNorm2d}[name](shape[-1])
    return globals()[name](shape[-1])


def state(layer):
    return {name: tensor.tolist() for name, tensor in layer.state_dict().items()} | {
        "random": torch.random.get_rng_state().tolist()
    }
