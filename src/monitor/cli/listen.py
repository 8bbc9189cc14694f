"""Whether a port can be listened on, asked before an address is announced."""

from __future__ import annotations

import errno
import socket

from monitor.errors import UsageError


def need_free(host: str, port: int, program: str, other: str) -> None:
    """Raises UsageError when the address cannot be listened on; `other` is how another port is given."""
    try:
        (family, kind, protocol, _, where), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            told = f"port {port} is taken: is {program} running already? Another port: {other}"
            raise UsageError(told) from None
        why = f"{host} port {port} cannot be listened on: {error.strerror}"
        raise UsageError(f"{why}; another host or port: {other}") from None
