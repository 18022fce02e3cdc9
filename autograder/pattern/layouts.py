"""What the axes of an array are, by the names that deep-learning courses give to arguments and results.

A layout belongs to functions with certain parameters. It lists, for each name, the axes in order: "..."
stands for any number of them, "-" for one without a name. The gradient dx has the axes of x, the upstream
gradient dout those of out. An array of no layout gets no names, and the words fall back to rows and columns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

_CONVOLUTION = {
    "x": ("N C height width",),
    "w": ("F C kh kw",),
    "b": ("F",),
    "out": ("N F out_height out_width",),
}
_POOLING = {"x": ("N C height width",), "out": ("N C out_height out_width",)}
_RECURRENT = {
    "x": ("N D", "N T D"),
    "h": ("N T H",),
    "Wx": ("D -",),
    "Wh": ("H -",),
    "norms": ("T",),
    **dict.fromkeys(("prev_h", "prev_c", "h0", "next_h", "next_c", "h_last"), ("N H",)),
}
_MULTI_HEAD = {"x": ("N T D",), "out": ("N T D",), **dict.fromkeys(("Wq", "Wk", "Wv", "Wo"), ("D -",))}
_ATTENTION = {
    "q": ("... T d_k",),
    "k": ("... S d_k",),
    "v": ("... S d_v",),
    "out": ("... T d_v",),
    "mask": ("T S",),
}
_DECODING = {"q_t": ("N d_k",), "k_t": ("N d_k",), "v_t": ("N d_v",), "out": ("N d_v",)}
_NORMALISATION = {
    **dict.fromkeys(("x", "out"), ("N D",)),
    **dict.fromkeys(("gamma", "beta", "running_mean", "running_var"), ("D",)),
}
_LABELLED = {"y": ("N",), **dict.fromkeys(("x", "z", "p"), ("N C",))}
_AFFINE = {"x": ("N ...",), "w": ("D M",), "b": ("M",), "out": ("N M",)}
_SQUARE = {"v": ("N D",), "w": ("D -",), "y": ("N D",)}
_SCORES = {"z": ("N C",), "p": ("N C",)}
_POSITIONS = {"pe": ("T d",), "mask": ("T T",)}
_DESCENT = {"A": ("D D",), "w0": ("D",), "path": ("- D",)}

# The first whose parameters are all there.
_LAYOUTS: tuple[tuple[frozenset[str], Mapping[str, tuple[str, ...]]], ...] = (
    (frozenset({"x", "w", "conv_param"}), _CONVOLUTION),
    (frozenset({"x", "pool_param"}), _POOLING),
    (frozenset({"x", "Wx", "Wh"}), _RECURRENT),
    (frozenset({"x", "Wq", "num_heads"}), _MULTI_HEAD),
    (frozenset({"q", "k", "v"}), _ATTENTION),
    (frozenset({"q_t", "k_t", "v_t"}), _DECODING),
    (frozenset({"x", "gamma", "beta"}), _NORMALISATION),
    (frozenset({"x", "y"}), _LABELLED),
    (frozenset({"z", "y"}), _LABELLED),
    (frozenset({"x", "w", "b"}), _AFFINE),
    (frozenset({"v", "w"}), _SQUARE),
    (frozenset({"A", "w0"}), _DESCENT),
    (frozenset({"z"}), _SCORES),
    (frozenset({"T"}), _POSITIONS),
)


def axes_of(name: str, shape: tuple[int, ...], parameters: Collection[str]) -> tuple[str, ...]:
    """The names of an array's axes, "" where an axis has none; () where the layout does not know it."""
    layout = next((table for needs, table in _LAYOUTS if needs <= set(parameters)), {})
    for known in (name, name.removeprefix("d")):
        for text in layout.get(known, ()):
            axes = _fitted(text.split(), len(shape))
            if axes is not None:
                return axes
    return ()


def _fitted(names: list[str], ndim: int) -> tuple[str, ...] | None:
    named = [name for name in names if name != "..."]
    missing = ndim - len(named)
    if missing and (missing < 0 or "..." not in names):
        return None
    place = names.index("...") if "..." in names else 0
    full = [*named[:place], *["-"] * missing, *named[place:]]
    return tuple("" if name == "-" else name for name in full)
