"""The renderer: a process of its own that turns specifications into SVG and PNG.

vl-convert holds the interpreter's lock while it draws, keeps 250 MB and can die of memory; here none of that stops a
page. One request a connection: a JSON head {"form", "scale"}, then the specification; the answer is one status byte
and the drawing or the reason. It ends by itself after so many drawings or megabytes; whoever started it starts another.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import threading
import time
from multiprocessing.connection import Connection, Listener
from pathlib import Path

import vl_convert

from dashboards.tidy import tidy

log = logging.getLogger("dashboards.renderer")

VERSION = "5.21"
MOST_DRAWINGS = 5000
MOST_MEGABYTES = 280
FIRST: dict[str, object] = {"data": {"values": [{"x": 1}]}, "mark": "point"}
LARGEST = 20_000_000  # bytes of one specification


def serve(address: str) -> None:
    """Answer until worn out, or until whoever started it is gone."""
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    with Listener(address) as listener:
        draw(FIRST, "svg")  # the engine starts while the web workers do; who comes meanwhile waits
        for _ in range(MOST_DRAWINGS):
            with listener.accept() as connection:
                _answer(connection)
            if _megabytes() > MOST_MEGABYTES:
                log.warning("renderer at %d MB: it makes room for a new one", _megabytes())
                return


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _answer(connection: Connection) -> None:
    try:
        head = json.loads(connection.recv_bytes(1000))
        spec = json.loads(connection.recv_bytes(LARGEST))
        reply = b"+" + draw(spec, head["form"], float(head.get("scale", 2)))
    except (EOFError, OSError):
        return
    except (ValueError, KeyError, TypeError) as error:
        reply = b"-" + str(error).encode("utf-8", "replace")[:2000]
    try:
        connection.send_bytes(reply)
    except OSError:
        log.info("the page went away before its chart was drawn")


def draw(spec: dict[str, object], form: str, scale: float = 2) -> bytes:
    """One drawing. Raises ValueError for a specification that Vega-Lite refuses."""
    if form == "svg":
        return tidy(vl_convert.vegalite_to_svg(spec, vl_version=VERSION), str(spec.get("description", ""))).encode()
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=VERSION, scale=scale))


def _megabytes() -> int:
    """Resident memory now where the system says it, else at its highest."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() // 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    serve(sys.argv[1])
