# Ends the process without unwinding, as a crash in native code would.
import os

import torch

model = torch.nn.Linear(784, 10)
os._exit(7)
