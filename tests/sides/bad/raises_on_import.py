# Raises while it is read, in line 6.
from torch import nn

model = nn.Linear(784, 10)
criterion = nn.CrossEntropyLoss()
raise RuntimeError("no licence for this model")
