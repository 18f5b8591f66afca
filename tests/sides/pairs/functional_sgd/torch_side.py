# A module with submodules of its own classes; SGD with momentum.
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(784, width)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.layer(x))


class Classifier(nn.Module):
    def __init__(self, width=48, classes=10):
        super().__init__()
        self.encoder = Encoder(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.encoder(x))


device = "cuda" if torch.cuda.is_available() else "cpu"
classifier = Classifier().to(device)
criterion = nn.CrossEntropyLoss().to(device)
optimizer = torch.optim.SGD(classifier.parameters(), lr=0.05, momentum=0.9)
