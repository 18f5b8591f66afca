"""Optimizers as people write them in PyTorch, and what they are taken for."""

import json

import torch

from paragone.frameworks.torch.moves import moves
from paragone.meaning.optimizer import recognise


class RootRMSprop(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, forget=0.8, tiny=1e-6):
        super().__init__(params, {"lr": lr, "forget": forget, "tiny": tiny})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                v.mul_(group["forget"]).addcmul_(p.grad, p.grad, value=1 - group["forget"])
                p.addcdiv_(p.grad, (v + group["tiny"]).sqrt(), value=-group["lr"])


class SignMomentum(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.99)):
        super().__init__(params, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            a, b = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.sub_((a * m + (1 - a) * p.grad).sign() * group["lr"])
                m.lerp_(p.grad, 1 - b)


class HandAdam(torch.optim.Optimizer):
    """Its epsilon stands in the update, its count in the optimizer."""

    def __init__(self, params, lr=1e-3, b1=0.9, b2=0.99):
        super().__init__(params, {"lr": lr, "b1": b1, "b2": b2})
        self.t = 0

    @torch.no_grad()
    def step(self, closure=None):
        self.t += 1
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                m = state.setdefault("m", torch.zeros_like(p)).lerp_(p.grad, 1 - group["b1"])
                v = state.setdefault("v", torch.zeros_like(p)).lerp_(p.grad**2, 1 - group["b2"])
                m, v = m / (1 - group["b1"] ** self.t), v / (1 - group["b2"] ** self.t)
                p.sub_(group["lr"] * m / (v.sqrt() + 1e-8))


class Needy(torch.optim.SGD):
    """A step that needs what only its side has."""

    def step(self, closure=None):
        return closure() * super().step()


def told(made):
    model = torch.nn.Linear(3, 2)
    optimizer = made(model.parameters(), lr=0.01)
    torch.optim.lr_scheduler.StepLR(optimizer, 1)
    shown = moves(optimizer, optimizer.param_groups[0])
    found = recognise(*shown) if shown else None
    assert not optimizer.state
    assert len(optimizer.param_groups[0]["params"]) == 2
    assert getattr(optimizer, "t", 0) == 0
    return found and [found.kind.name, dict(found.options)]


if __name__ == "__main__":
    made = {one.__name__: told(one) for one in (RootRMSprop, SignMomentum, HandAdam, Needy)}
    print(json.dumps(made | {"untouched": True}))
