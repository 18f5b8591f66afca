# A syntax error in line 5: a parenthesis that is never closed.
import torch
from torch import nn

model = nn.Sequential(nn.Linear(784, 10)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())
