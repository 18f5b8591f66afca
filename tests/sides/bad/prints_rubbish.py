# A good side that writes rubbish to standard output and to standard error while it is read, and at each forward pass.
import os
import sys

import torch
from torch import nn

print("{\"result\": null}\n\x00\x1b[31m<script>alert(1)</script>" * 50)
os.write(1, bytes(range(256)) * 64)
sys.stderr.write("Traceback (most recent call last): no, not really\n")


class Chatty(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        print("forward", tuple(x.shape))
        return self.fc(x)


model = Chatty()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
