"""Drawings on request: kept by what they show, made by the renderer process."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

KEPT = 3000  # stored drawings; the oldest go first
PATIENCE = 20.0  # seconds for one drawing, the wait for others before it included
SOCKET = "renderer.sock"


class DrawingError(Exception):
    """A chart that could not be drawn; the page shows its table instead."""


class Drawings:
    """Stored drawings in a folder that all web workers share, by the digest of their specification.

    A specification holds its data, so that the digest stands for data version, chart and parameters at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def svg(self, spec: dict[str, Any]) -> str:
        """The drawing as SVG with links under `~/`. Raises DrawingError."""
        return self._get(spec, "svg").decode()

    def png(self, spec: dict[str, Any]) -> bytes:
        """The drawing as PNG, two pixels for one. Raises DrawingError."""
        return self._get(spec, "png")

    def _get(self, spec: dict[str, Any], form: str) -> bytes:
        text = json.dumps(spec, separators=(",", ":"), default=str).encode()
        path = self.folder / f"{hashlib.sha256(text).hexdigest()[:32]}.{form}"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            drawn = self._ask(text, form)
        self._keep(path, drawn)
        return drawn

    def _ask(self, spec: bytes, form: str) -> bytes:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return _converse(str(self.folder / SOCKET), spec, form, deadline)
            except (OSError, EOFError) as error:
                # a renderer that ended is started again within a second, unless the dashboard and its folder end too
                if time.monotonic() > deadline - PATIENCE / 2 or not self.folder.exists():
                    raise DrawingError(f"the renderer does not answer ({error})") from error
                time.sleep(0.1)

    def _keep(self, path: Path, drawn: bytes) -> None:
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_bytes(drawn)
            part.replace(path)
        except OSError as error:  # a full disk or a cleared folder costs the next viewer a wait, nobody the chart
            log.warning("a drawing cannot be kept: %s", error)
            return
        self._made += 1
        if self._made % 200 == 0:
            self._forget()

    def _forget(self) -> None:
        files = [(p.stat().st_mtime, p) for p in self.folder.iterdir() if p.suffix in (".svg", ".png")]
        for _, path in sorted(files)[: max(0, len(files) - KEPT)]:
            path.unlink(missing_ok=True)


def _converse(address: str, spec: bytes, form: str, deadline: float) -> bytes:
    with Client(address) as connection:
        connection.send_bytes(json.dumps({"form": form}).encode())
        connection.send_bytes(spec)
        if not connection.poll(max(0.0, deadline - time.monotonic())):
            raise DrawingError("the renderer took too long")
        reply = connection.recv_bytes()
    if reply[:1] != b"+":
        raise DrawingError(reply[1:].decode("utf-8", "replace"))
    return reply[1:]
