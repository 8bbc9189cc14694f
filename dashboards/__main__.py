"""Start the dashboard: the renderer process, and web workers in front of it."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from dashboards.drawings import SOCKET
from dashboards.keeper import Renderer

log = logging.getLogger("dashboards")


def main() -> int:
    """Serve until stopped."""
    args = arguments().parse_args()
    # uvicorn sends itself the signal again when it is done: as an exception it lets us clean up behind it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    password = os.environ.get("MONITOR_DASHBOARD_PASSWORD", "")
    if args.host not in ("127.0.0.1", "::1", "localhost") and not password:
        log.warning(
            "%s can be reached from other machines and no login is set: MONITOR_DASHBOARD_PASSWORD sets one", args.host
        )
    with tempfile.TemporaryDirectory(prefix="monitor-charts-") as store:
        renderer = Renderer(Path(store) / SOCKET)
        try:
            return serve(args, store, password)
        finally:
            renderer.stop()


def serve(args: argparse.Namespace, store: str, password: str) -> int:
    """Run uvicorn; the options reach its workers through the environment."""
    import uvicorn  # as late as this: the renderer starts meanwhile

    from dashboards.app import ENVIRONMENT, Options, make
    from dashboards.guard import LOCAL
    from monitor.errors import ConfigError

    root = "/" + args.base_path.strip("/") if args.base_path.strip("/") else ""
    options = Options(
        args.data, store, root, (*LOCAL, args.host, *args.allow_host), args.user, password,
        args.watch_file, args.events, f"http://{args.host}:{args.port}{root}",
    )  # fmt: skip
    try:
        make(options)
    except ConfigError as error:
        print(f"monitor: {error}", file=sys.stderr)  # noqa: T201  # the last word of a command
        return 2
    os.environ[ENVIRONMENT] = json.dumps(asdict(options))
    uvicorn.run(
        "dashboards.app:from_environment", factory=True, host=args.host, port=args.port, workers=args.workers,
        proxy_headers=True, forwarded_allow_ips=args.proxy, log_level="warning", access_log=False, server_header=False,
        timeout_keep_alive=20, limit_concurrency=400,
    )  # fmt: skip
    return 0


def arguments() -> argparse.ArgumentParser:
    """The options, which `monitor dashboard` passes on."""
    parser = argparse.ArgumentParser(prog="monitor dashboard")
    parser.add_argument("--data", default="data")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8050)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--base-path", default="")
    parser.add_argument("--proxy", default="127.0.0.1")
    parser.add_argument("--allow-host", action="append", default=[])
    parser.add_argument("--user", default="monitor")
    parser.add_argument("--watch-file", "--watch", default="watch.toml")
    parser.add_argument("--events", default="events.csv")
    return parser


if __name__ == "__main__":
    sys.exit(main())
