"""DenseNet-121 (Huang et al. 2017) for 32 x 32 images, in PyTorch."""

import torch
import torch.nn.functional as F
from torch import nn

GROWTH = 32


class DenseLayer(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, 4 * GROWTH, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(4 * GROWTH)
        self.conv2 = nn.Conv2d(4 * GROWTH, GROWTH, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.relu(self.bn2(y)))
        return torch.cat([x, y], 1)


class Transition(nn.Sequential):
    def __init__(self, channels):
        super().__init__(
            nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)
        )


class DenseNet121(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        channels = 2 * GROWTH
        parts = [
            nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1),
        ]
        for block, times in enumerate((6, 12, 24, 16)):
            if block:
                parts.append(Transition(channels))
                channels //= 2
            for _ in range(times):
                parts.append(DenseLayer(channels))
                channels += GROWTH
        self.features = nn.Sequential(*parts, nn.BatchNorm2d(channels), nn.ReLU())
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


model = DenseNet121()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())
