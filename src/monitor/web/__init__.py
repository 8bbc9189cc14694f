"""The only HTTP client. See `Web.get`; nothing else in the package opens a connection."""

from monitor.web.client import Kind, Web, WebSettings
from monitor.web.robots import Robots

__all__ = ["Kind", "Robots", "Web", "WebSettings"]
