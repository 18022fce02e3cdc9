"""Where the running Python and its packages live, and who can get there."""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path

_SHARED_PREFIXES = (Path("/"), Path("/usr"), Path("/usr/local"))
_SYSTEM_PATHS = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo"),
    *("/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)


@lru_cache(maxsize=1)
def system_paths() -> tuple[Path, ...]:
    """What the interpreter and its packages need to read, symbolic links resolved."""
    wanted = [Path(path) for path in _SYSTEM_PATHS]
    wanted += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    for prefix in interpreter_prefixes():
        # /usr holds more than Python: of a prefix that is shared, grant the folders Python uses.
        shared = prefix in _SHARED_PREFIXES
        wanted += [prefix / name for name in ("bin", "lib", "lib64")] if shared else [prefix]
    found = {path.resolve() for path in wanted if path.exists()}
    return tuple(sorted(path for path in found if found.isdisjoint(path.parents)))


def interpreter_prefixes() -> tuple[Path, ...]:
    """The folders of this Python and of its virtual environment, as named and with links resolved."""
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    resolved = (os.path.realpath(prefix) for prefix in prefixes)
    return tuple(Path(prefix) for prefix in dict.fromkeys((*prefixes, *resolved)))


def unreachable_folder(path: Path) -> Path | None:
    """The first folder on the way to `path`, itself included, that other users cannot enter."""
    for place in (path.absolute(), path.resolve()):
        for folder in reversed((place, *place.parents)):
            if folder.is_dir() and not folder.stat().st_mode & stat.S_IXOTH:
                return folder
    return None
