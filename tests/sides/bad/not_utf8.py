# Not UTF-8: ÿþ
import torch
