"""The race of the leaderboard: conv_forward against loops over every entry of its output."""

import numpy as np


def arguments(rng):
    """Inputs of one round, drawn anew for each: x (4, 3, 20, 20), w (8, 3, 3, 3), b (8,), conv_param."""
    x = rng.normal(size=(4, 3, 20, 20))
    w = rng.normal(size=(8, 3, 3, 3))
    return x, w, rng.normal(size=8), {"stride": 1, "pad": 1}


def slow(x, w, b, conv_param):
    """The convolution as a first draft computes it: four loops, one output at a time. Returns out."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    height = 1 + (padded.shape[2] - w.shape[2]) // stride
    width = 1 + (padded.shape[3] - w.shape[3]) // stride
    out = np.zeros((len(x), len(w), height, width))
    for n in range(len(x)):
        for f in range(len(w)):
            for i in range(height):
                for j in range(width):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + w.shape[2], left : left + w.shape[3]]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out
