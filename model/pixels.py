"""The bytes of patches as the numbers that the tower reads, made where the tower runs."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .processor import Look


def normalised(values: NDArray[np.uint8], look: Look, *, device: torch.device, dtype: torch.dtype) -> Tensor:
    """(byte / 255 - mean) / deviation of each channel, to the last bit as transformers' processor for PIL has it.

    Bytes are what goes to the device: they take an eighth of a still's finished numbers, which repeat its one frame.
    Dimensions: (n, 588 or 1176), each row beginning with its first channel; returns the same.
    """
    each = values.shape[1] // len(look.mean)
    mean, deviation = (torch.tensor(part, device=device).repeat_interleave(each) for part in (look.mean, look.std))
    numbers = torch.as_tensor(values, device=device).float()
    return numbers.div_(255).sub_(mean).div_(deviation).to(dtype)
