"""VGG-16 (Simonyan and Zisserman 2014) for 32 x 32 images, in PyTorch."""

import torch
from torch import nn


class VGG16(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        layers, channels = [], 3
        for filters, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(times):
                layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(inplace=True)]
                channels = filters
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, classes)
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


model = VGG16()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
