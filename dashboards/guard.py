"""What stands before every page: security headers, the names that the server answers to, and the optional login."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOCAL = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Login:
    """A user and the digest of the password; the password itself is not kept."""

    user: str
    digest: bytes

    @classmethod
    def of(cls, user: str, password: str) -> Login:
        """A login from the plain password."""
        return cls(user, hashlib.sha256(password.encode()).digest())

    def admits(self, authorization: str) -> bool:
        """Whether a Basic authorization header is right; it takes as long when it is not."""
        kind, _, coded = authorization.partition(" ")
        try:
            user, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
        except ValueError:
            return False
        same_user = hmac.compare_digest(user.encode(), self.user.encode())
        same_password = hmac.compare_digest(hashlib.sha256(password.encode()).digest(), self.digest)
        return kind.lower() == "basic" and same_user and same_password


class Guard:
    """ASGI middleware. `hosts` are the names that requests may come for; a foreign page cannot rebind one to us."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], login: Login | None, root: str = "") -> None:
        self.app = app
        self.hosts = {host.lower() for host in hosts}
        self.login = login
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with the headers added to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        # a proxy may pass the base path on or take it off: both arrive at the same page
        if self.root and scope["path"].startswith(self.root + "/"):
            scope = {**scope, "path": scope["path"].removeprefix(self.root), "root_path": ""}
        refusal = self._refusal(Headers(scope=scope), scope["path"])
        await (refusal or self.app)(scope, receive, guarded)

    def _refusal(self, headers: Headers, path: str) -> PlainTextResponse | None:
        host = headers.get("host", "").lower()
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if "*" not in self.hosts and name not in self.hosts:
            return PlainTextResponse(f"this server does not answer for {name!r}; see --allow-host\n", 421)
        if self.login and path != "/healthz" and not self.login.admits(headers.get("authorization", "")):
            challenge = {"WWW-Authenticate": 'Basic realm="monitor", charset="UTF-8"'}
            return PlainTextResponse("login needed\n", 401, challenge)
        return None
