# Imports its network, and through it its settings, from modules beside it; only these import torch's nn.
from network import Network
from settings import LEARNING_RATE
from torch.nn import CrossEntropyLoss
from torch.optim import SGD

model = Network()
criterion = CrossEntropyLoss()
optimizer = SGD(model.parameters(), LEARNING_RATE)
