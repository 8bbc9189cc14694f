"""Keeps the renderer process alive; imports little, so that the renderer starts before everything else."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

log = logging.getLogger("dashboards")


class Renderer:
    """Keeps one renderer process running: it ends by itself when it is worn out, and is started again."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._stopping = False
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        while not self._stopping:
            self._socket.unlink(missing_ok=True)
            started = time.monotonic()
            self._process = subprocess.Popen([sys.executable, "-m", "dashboards.renderer", str(self._socket)])
            self._process.wait()
            if not self._stopping:
                log.info("the renderer ended and is started again")
                time.sleep(0.0 if time.monotonic() - started > 10 else 1.0)

    def stop(self) -> None:
        """End the process."""
        self._stopping = True
        if self._process:
            self._process.terminate()
            self._process.wait()
