"""Packages that only draw or show: where they are not installed, whatever is done with them does nothing.

A plot in the middle of a notebook, or a progress bar around a loop, must not cost a point.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, NoReturn

PACKAGES = frozenset(
    {"matplotlib", "mpl_toolkits", "seaborn", "plotly", "PIL", "IPython", "ipywidgets", "tqdm"}
)
COLAB = ("google", "google.colab")
_RETURNED = {"subplots": 2, "hist": 3, "plot": 1}  # values that are commonly unpacked


class Inert:
    """Takes any use and does nothing."""

    def __init__(self, name: str = "") -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return attribute(name)

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if len(arguments) == 1 and not keywords and callable(arguments[0]):
            return arguments[0]  # used as a decorator
        count = _RETURNED.get(self.__dict__["_name"])
        return Inert() if count is None else tuple(Inert() for _ in range(count))

    def __getitem__(self, key: Any) -> Inert:
        return Inert()

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __mro_entries__(self, bases: tuple) -> tuple:
        return ()

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise ImportError("this array would come from a package for pictures or plots, which is not here")


class Progress(Inert):
    """tqdm: gives what it is wrapped around, and shows nothing."""

    def __init__(self, iterable: Any = (), *_: Any, **__: Any) -> None:
        super().__init__()
        self.__dict__["_iterable"] = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self.__dict__["_iterable"])

    def __len__(self) -> int:
        return len(self.__dict__["_iterable"])


class InertModule(ModuleType):
    """A package, or a module of one, every name of which is inert."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return attribute(name)


def nothing(*_: Any, **__: Any) -> Inert:
    """What IPython's `display` and `get_ipython` do outside a notebook."""
    return Inert()


def attribute(name: str) -> Any:
    """What a name of an inert package stands for."""
    if name in ("tqdm", "tqdm_notebook", "tqdm_gui"):
        return Progress
    if name in ("trange", "tnrange"):
        return lambda *arguments, **_: Progress(range(*arguments))
    return Inert(name)


def module(name: str) -> ModuleType | None:
    """The inert module of this name, or None where it is no package for showing things."""
    is_inert = name.partition(".")[0] in PACKAGES or name in COLAB
    return InertModule(name) if is_inert else None
