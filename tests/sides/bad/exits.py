# Ends the program itself.
import sys

import torch
from torch import nn

model = nn.Linear(784, 10)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
sys.exit(0)
