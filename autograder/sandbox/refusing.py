"""Refusing, in the process that runs a student's code, what a question asks them to do without.

`forbidden.py` refuses on the host what the source plainly shows. This is for the rest: names put together at
run time, importlib, getattr. It stands in the students' own process, so whoever sets out to can get round it;
it tells everybody else, kindly, at the line where they would have used it.

Code of installed packages goes on using whatever it needs: only calls and imports that come from the
submission itself are refused.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from types import FrameType, ModuleType
from typing import Any

from autograder.answering import ForbiddenUse


def refuse(names: Sequence[str], own_modules: Iterable[ModuleType]) -> None:
    """From now on, refuse these dotted names to the submission, whose modules are given.

    A name that is not there is refused once somebody imports it; a module is refused with all below it.
    """
    if not names:
        return
    own = [vars(module) for module in own_modules]
    refusals = [_Refusal(name, own) for name in names]
    pending: list[_Refusal] = []
    _guard_imports(tuple(names), pending)
    pending[:] = [refusal for refusal in refusals if not refusal.apply()]


class _Refusal:
    """One forbidden name; `own` are the global variables of the submission's modules."""

    def __init__(self, name: str, own: Sequence[dict[str, Any]]) -> None:
        self.name = name
        self.own = own

    def apply(self) -> bool:
        """Put refusals where the name can be reached now. False while what it means is not loaded."""
        above, _, last = self.name.rpartition(".")
        parent, module = _loaded(above), _loaded(self.name)
        if module is not None:
            self._replace_module(module)
        elif parent is not None and last in vars(parent):
            value = vars(parent)[last]
            if callable(value):
                self._replace_callable(value)
            return not isinstance(value, _RefusedModule)
        if parent is not None:
            setattr(parent, last, _RefusedModule(self.name, module))
        return module is not None

    def _replace_module(self, module: ModuleType) -> None:
        """The module, what lies below it and what was imported from it, where the submission holds it."""
        for variables in self.own:
            for key, value in list(variables.items()):
                if isinstance(value, ModuleType) and _is_below(value.__name__, self.name):
                    variables[key] = _RefusedModule(self.name, value)
                elif callable(value) and _comes_from(value, module):
                    variables[key] = _refused(self.name, value)

    def _replace_callable(self, value: Any) -> None:
        """A function under each of its names; a class where it is made."""
        if isinstance(value, type) and _guard_class(self.name, value):
            return
        refused = _refused(self.name, value)
        package = self.name.partition(".")[0]
        modules = [
            vars(module)
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] == package and isinstance(module, ModuleType)
        ]
        for variables in (*self.own, *modules):
            for key in [key for key, each in list(variables.items()) if each is value]:
                variables[key] = refused


class _RefusedModule(ModuleType):
    """Stands where a forbidden module stood: it opens for everybody but the submission."""

    def __init__(self, name: str, module: ModuleType | None) -> None:
        super().__init__(module.__name__ if module is not None else name)
        self.__dict__["_forbidden"] = (name, module)

    def __getattr__(self, attribute: str) -> Any:
        name, module = self.__dict__["_forbidden"]
        if _is_own(sys._getframe(1)) and not attribute.startswith("__"):
            raise ForbiddenUse(name)
        return getattr(module or importlib.import_module(name), attribute)


def _loaded(name: str) -> ModuleType | None:
    module = sys.modules.get(name)
    return module if isinstance(module, ModuleType) else None


def _refused(name: str, value: Callable[..., Any]) -> Callable[..., Any]:
    def refused(*arguments: Any, **options: Any) -> Any:
        if _is_own(sys._getframe(1)):
            raise ForbiddenUse(name)
        return value(*arguments, **options)

    refused.__name__ = getattr(value, "__name__", "refused")
    return refused


def _guard_class(name: str, guarded: type) -> bool:
    """Refuse to make an instance, and leave the class what it is to those who ask. False: it is built in."""
    try:
        guarded.__init__ = _refused(name, guarded.__init__)  # type: ignore[misc]
    except TypeError:
        return False
    return True


def _guard_imports(names: tuple[str, ...], pending: list[_Refusal]) -> None:
    """Refuse the import statement and importlib.import_module to the submission.

    pending: what is not loaded yet; looked at again after each import of the submission's.
    """
    import_statement, import_module = builtins.__import__, importlib.import_module

    def check(wanted: str, frame: FrameType) -> None:
        for name in names:
            if _is_below(wanted, name) and _is_own(frame):
                raise ForbiddenUse(name)

    def look_again(frame: FrameType) -> None:
        if pending and _is_own(frame):
            pending[:] = [refusal for refusal in pending if not refusal.apply()]

    def __import__(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        if not level:
            check(name, sys._getframe(1))
            for each in fromlist or ():
                check(f"{name}.{each}", sys._getframe(1))
        module = import_statement(name, globals, locals, fromlist, level)
        look_again(sys._getframe(1))
        return module

    def guarded(name: str, package: str | None = None) -> ModuleType:
        check(name, sys._getframe(1))
        module = import_module(name, package)
        look_again(sys._getframe(1))
        return module

    builtins.__import__ = __import__
    importlib.import_module = guarded


def _comes_from(value: Any, module: ModuleType) -> bool:
    """Is this function or class of that module, or of one below it?"""
    home = getattr(value, "__module__", None)
    if isinstance(home, str):
        return _is_below(home, module.__name__)
    return any(each is value for each in vars(module).values())


def _is_own(frame: FrameType) -> bool:
    """Student code is compiled under a relative name, and what it makes of strings under one in brackets."""
    name = frame.f_code.co_filename
    return not name.startswith(("/", "<frozen", "<__array_function__"))


def _is_below(dotted: str, name: str) -> bool:
    return f"{dotted}.".startswith(f"{name}.")
