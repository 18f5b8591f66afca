# A model and a loss, but no optimizer.
from torch import nn

model = nn.Linear(784, 10)
criterion = nn.CrossEntropyLoss()
