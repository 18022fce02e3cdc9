"""A root on a fresh machine: a bare Debian or Ubuntu, in which nothing is installed, not even Python.

`debootstrap` makes it once, in a folder that the user chooses; every verification works in a copy of it,
where setup.sh runs whole, as root, and student code gets a user of its own. Commands run behind chroot, in
namespaces of their own for mounts and processes: when a command ends, so do its mounts and all it started.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.errors import AutograderError, UsageError
from autograder.verification.network import MOUNTED, RESOLVER, borrowed
from autograder.verification.root import Root

SYSTEMS = {"bookworm": "main", "jammy": "main,universe"}  # and the archive's components that are needed
PLATFORM = "/autograder"
FIRST_USER = 58_000
# With the command end its mounts, and every process that it started.
_APART = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
_TOOLS = ("debootstrap", "unshare", "chroot", "mount", "cp")
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
}
# ROOT PLACE MOUNTED PATH... -- COMMAND...: what is mounted here exists in this namespace alone.
_ENTER = """
set -e
root=$1 place=$2 mounted=$3; shift 3
mount -t proc proc "$root/proc"
mount -t tmpfs -o size=64m tmpfs "$root/dev/shm"
while [ "$1" != -- ]; do
    mount --bind "$1" "$root$mounted$1"
    mount -o remount,bind,ro "$root$mounted$1"
    shift
done
shift
exec chroot "$root" /bin/sh -c 'cd "$1"; shift; exec "$@"' sh "$place" "$@"
"""
# The platform wipes these after setup.sh: what setup.sh keeps there is gone when a submission comes.
_SETUP = f"bash {PLATFORM}/source/setup.sh && rm -rf /var/lib/apt/lists/* /tmp/* /var/tmp/*"


def missing() -> str:
    """Why no bare root can be made here, "" where one can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a bare root needs root on Linux"
    without = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if without:
        return f"a bare root needs {', '.join(without)}: install it (on Debian and Ubuntu, with apt-get)"
    done = subprocess.run([*_APART, "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "this container may not make namespaces (unshare fails)"


@dataclass(frozen=True)
class BareRoot(Root):
    """A Root whose commands run behind chroot in `system`; `paths` of this machine can be read there."""

    system: Path = Path()
    paths: tuple[Path, ...] = ()

    def start(
        self, command: Sequence[str], place: str, environment: Mapping[str, str], output: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        """Start a command in the folder `place` of this root, as process 1 of its own."""
        enter = [*_APART, "sh", "-c", _ENTER, "sh"]
        where = [str(self.system), f"{self.inside}/{place}", MOUNTED, *map(str, self.paths)]
        return super().start([*enter, *where, "--", *command], "", environment, output)


@contextlib.contextmanager
def bare_root(folder: Path, system: str) -> Iterator[BareRoot]:
    """A fresh copy of the bare `system` kept in `folder`, which is made if need be; gone after the block.

    Raises UsageError where that cannot be done here, AutograderError where debootstrap fails.
    """
    if reason := missing():
        raise UsageError(f"{reason}; without --bare-root the zip is tried in a temporary folder")
    original = pristine(folder, system)
    network = borrowed()
    with tempfile.TemporaryDirectory(prefix="run-", dir=folder) as name:
        copy = Path(name).resolve() / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", str(original), str(copy)], check=True)
        _prepare(copy, network.paths)
        yield BareRoot(
            copy / PLATFORM.lstrip("/"),
            PLATFORM,
            ("sh", "-c", _SETUP),
            (),
            user="student",
            setup_environment={**network.environment, **_ENVIRONMENT},
            run_environment=_ENVIRONMENT,
            system=copy,
            paths=network.paths,
        )


def pristine(folder: Path, system: str) -> Path:
    """The folder of the system as debootstrap made it, now or earlier."""
    made = folder / system
    if made.is_dir():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{system}.new"
    shutil.rmtree(new, ignore_errors=True)
    options = ["--variant=minbase", "--force-check-gpg", f"--components={SYSTEMS[system]}"]
    command = [*_APART, "debootstrap", *options, system, str(new)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        shutil.rmtree(new, ignore_errors=True)
        said = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise AutograderError(
            f"debootstrap could not make {system} in {folder}; it said:\n{said}\n"
            "It needs the network, and the keyring of the system's archive, which is a package of its own."
        )
    new.rename(made)
    return made


def _prepare(system: Path, paths: Sequence[Path]) -> None:
    """Make what commands in there need: the platform's folder, name resolution, places to mount on."""
    (system / PLATFORM.lstrip("/")).mkdir()
    (system / "dev" / "shm").mkdir(exist_ok=True)
    _renumber_users(system / "etc" / "login.defs")
    if RESOLVER.exists():
        target = system / "etc" / "resolv.conf"
        target.unlink(missing_ok=True)
        target.write_bytes(RESOLVER.read_bytes())
    for path in paths:
        target = Path(f"{system}{MOUNTED}{path}")
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()


def _renumber_users(settings: Path) -> None:
    """New users get numbers that nobody has on this machine: the kernel counts processes by the number."""
    text = settings.read_text()
    for name, number in (("UID_MIN", FIRST_USER), ("UID_MAX", FIRST_USER + 999)):
        text = re.sub(rf"^{name}\b.*$", f"{name} {number}", text, flags=re.MULTILINE)
    settings.write_text(text)
