"""Promises about telling an untouched template from work."""

from __future__ import annotations

import pytest

from tests.harness.handed_in import read

STUBS = [
    "pass",
    "...",
    '"""Do it."""',
    '"""Do it."""\n    # TODO\n    pass',
    "raise NotImplementedError",
    "raise NotImplementedError('conv')",
    "N = len(z)\n    raise NotImplementedError()",
    "return None",
    "out = None\n    return out",
    "out, cache = None, None\n    return out, cache",
    "out = None\n    # TODO\n    cache = (z, z)\n    return out, cache",
    "x, w, b = z\n    dx, dw, db = None, None, None\n    return dx, dw, db",
    "loss = 0.0\n    dx = np.zeros_like(z)\n    return loss, dx",
    "out = torch.empty_like(z)\n    return out",
    "mode = z['mode']\n    eps = z.get('eps', 1e-5)\n    out, cache = None, None\n"
    "    if mode == 'train':\n        pass\n    else:\n        raise ValueError('mode \"%s\"' % mode)\n"
    "    z['running_mean'] = eps\n    return out, cache",
    "h = None\n    for t in range(3):\n        pass\n    return h",
]
FILLED = [
    "return z",
    "return np.exp(z)",
    "out = None\n    out = z @ z\n    return out",
    "out = np.zeros(3)\n    out[0] = 1\n    return out",
    "out = np.zeros_like(z)\n    np.add(z, 1, out=out)\n    return out",
    "out = None\n    y = z + 1\n    return out",
    "dx, dw = None, None\n    dx = z\n    return dx, dw",
    "if z is None:\n        raise NotImplementedError\n    return z + 1",
    "return helper(z)",
    "z += 1\n    return None",
    "return z, {}",
    "return 0",
]


@pytest.mark.parametrize("body", STUBS)
def test_what_a_template_leaves_is_a_stub(tmp_path, body):
    assert read(tmp_path, {"layers.py": f"def softmax(z):\n    {body}\n"}).functions["softmax"].is_stub


@pytest.mark.parametrize("body", FILLED)
def test_work_of_any_kind_is_no_stub(tmp_path, body):
    assert not read(tmp_path, {"layers.py": f"def softmax(z):\n    {body}\n"}).functions["softmax"].is_stub
