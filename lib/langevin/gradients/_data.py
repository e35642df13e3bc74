"""What the oracles are given: a loss, and data with the examples along their first axis."""

import numpy as np

from langevin import _checks


def examples(data):
    """Return the data as arrays: inputs as floats, targets as they are."""
    if not isinstance(data, tuple):
        return _inputs(data)
    inputs, *targets = data
    arrays = (_inputs(inputs), *map(np.ascontiguousarray, targets))
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        raise ValueError(f"data must have one entry per example in every array, got {lengths}")
    for array in arrays[1:]:
        _checks.finite(array, "data")
    return arrays


def _inputs(data):
    array = np.asarray(_checks.finite(data, "data"))
    if array.ndim < 1 or 0 in array.shape:
        raise ValueError(f"data must hold one example or more, got shape {array.shape}")
    return np.ascontiguousarray(array)


def length(data):
    """Return how many examples there are."""
    return len(data[0] if isinstance(data, tuple) else data)


def pick(data, numbers):
    """Return the examples with these numbers, (n_particles, batch_size, ...), as data came."""
    if isinstance(data, tuple):
        return tuple(pick(array, numbers) for array in data)
    # clipping never happens here, and is the quick way to look nothing up out of range
    return np.take(data, numbers, axis=0, mode="clip")
