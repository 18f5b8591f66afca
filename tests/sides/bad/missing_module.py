# Imports a module that is not installed.
import torch
import a_module_that_nobody_has

model = torch.nn.Linear(784, 10)
