"""What a bare root has to borrow from this machine to reach the package indexes that this machine uses.

Nothing here knows an index: pip and the environment are asked what is configured.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
RESOLVER = Path("/etc/resolv.conf")
MOUNTED = "/mnt/host"  # in a bare root; at their own places they could be in the way of a package


@dataclass(frozen=True)
class Borrowed:
    """Variables for the commands of a bare root, and what of this machine must lie below MOUNTED there."""

    environment: Mapping[str, str]
    paths: tuple[Path, ...]


def borrowed() -> Borrowed:
    """How this machine reaches package indexes: proxies, certificates, and pip's settings."""
    wanted = {*_PROXIES, *map(str.upper, _PROXIES), *_CERTIFICATES}
    environment = {name: value for name, value in os.environ.items() if name in wanted}
    environment.update(pip_settings(_pip_config()))
    environment.update({name: value for name, value in os.environ.items() if name.startswith("PIP_")})
    return moved(environment)


def moved(environment: Mapping[str, str]) -> Borrowed:
    """The same variables with every file and folder of this machine named by its place below MOUNTED."""
    paths: set[Path] = set()
    values = {}
    for name, value in environment.items():
        words = value.split()
        for number, word in enumerate(words):
            scheme = "file://" if word.startswith("file://") else ""
            path = Path(word.removeprefix("file://"))
            if path.is_absolute() and path.exists() and path.parent != path:
                # The pages of an index point to files that lie beside them.
                paths.add(path.parent if scheme and path.parent != Path("/") else path)
                words[number] = f"{scheme}{MOUNTED}{path}"
        values[name] = " ".join(words)
    return Borrowed(values, tuple(sorted(paths)))


def pip_settings(listing: str) -> dict[str, str]:
    """`pip config list` as variables: global.index-url='URL' becomes PIP_INDEX_URL."""
    settings = {}
    for line in listing.splitlines():
        key, equals, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if equals and section in ("global", "install"):
            settings[f"PIP_{name.upper().replace('-', '_')}"] = str(ast.literal_eval(value))
    return settings


def _pip_config() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    return done.stdout
