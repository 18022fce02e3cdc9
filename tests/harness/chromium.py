"""A real Chromium without a window, told what to do over a pipe in its DevTools protocol.

What runs here through `evaluate` is the test's own: pages cannot forbid it, so that what they forbid to
their own scripts can be seen.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
START_SECONDS = 60.0

# Scrolled to only where it is out of sight or covered, as a user would.
_MIDDLE = """
(() => {
  const element = document.querySelector(%s)
  const middle = () => {
    const box = element.getBoundingClientRect()
    return {x: box.x + box.width / 2, y: box.y + box.height / 2}
  }
  const {x, y} = middle()
  if (!element.contains(document.elementFromPoint(x, y))) element.scrollIntoView({block: 'center'})
  return middle()
})()
"""


def find() -> str | None:
    """The path of a Chromium on this machine, if there is one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Page:
    """The one page of a running Chromium."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests, self._replies = requests, replies
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []

    def attach(self) -> None:
        """Take the first tab; it may take a moment until there is one."""
        give_up = time.monotonic() + START_SECONDS
        while not (tabs := self._tabs()):
            if time.monotonic() > give_up:
                raise TimeoutError("Chromium opened no tab")
            time.sleep(0.05)
        target = {"targetId": tabs[0], "flatten": True}
        self._session = self.send("Target.attachToTarget", target)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call a method of the protocol and wait for its result; events that come first are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters or {}}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._requests, json.dumps(message).encode() + b"\0")
        while (reply := self._next()).get("id") != self._number:
            self.events.append(reply)
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']}")
        return dict(reply["result"])

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a file anew, and wait until it is there."""
        self._navigate("about:blank")  # else a new fragment alone would not load anything
        self._navigate(path.resolve().as_uri() + fragment)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        given = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        done = self.send("Runtime.evaluate", given)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"])
        return done["result"].get("value")

    def text(self, selector: str = "body") -> str:
        """The text that is visible in the first element of a selector."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of the first element of a selector, as a user does."""
        place = self.evaluate(_MIDDLE % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            press = {"type": kind, "button": "left", "clickCount": 1, **place}
            self.send("Input.dispatchMouseEvent", press)

    def size(self, width: int, height: int, scale: float = 1.0) -> None:
        """Show pages in a window of this many CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600}
        self.send("Emulation.setDeviceMetricsOverride", metrics)

    def dark(self, on: bool) -> None:
        """Ask pages for dark colours, or for light ones."""
        feature = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self.send("Emulation.setEmulatedMedia", {"features": [feature]})

    def screenshot(self) -> bytes:
        """What the window shows, as a PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", {"format": "png"})["data"])

    def _navigate(self, url: str) -> None:
        self.events.clear()
        self.send("Page.navigate", {"url": url})
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def _tabs(self) -> list[str]:
        targets = self.send("Target.getTargets")["targetInfos"]
        return [target["targetId"] for target in targets if target["type"] == "page"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            data = os.read(self._replies, 65536)
            if not data:
                raise EOFError("Chromium has ended")
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))


@contextlib.contextmanager
def chromium(path: str) -> Iterator[Page]:
    """A Chromium with a profile of its own, ended and forgotten with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        to_us, from_us = os.pipe(), os.pipe()
        # The protocol's pipes are 3 (Chromium reads) and 4 (it writes); a shell puts them there.
        program = 'exec "$0" "$@" 3<&%d 4>&%d' % (from_us[0], to_us[1])  # noqa: UP031
        process = subprocess.Popen(
            ["bash", "-c", program, path, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(from_us[0], to_us[1]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us[0])
        os.close(to_us[1])
        page = Page(from_us[1], to_us[0])
        try:
            page.attach()
            yield page
            with contextlib.suppress(EOFError, OSError):
                page.send("Browser.close")
        finally:
            os.close(from_us[1])
            os.close(to_us[0])
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
