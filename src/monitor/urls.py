"""Canonical URLs: the identity of an entry and an article. The URL that is fetched stays the entry's own link."""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

MAX_LENGTH = 8192

_TRACKING = re.compile(
    r"""(utm_|utm-|pk_|mtm_|matomo_|piwik_|hsa_|_hs|__hs|oly_|vero_|trk_|ns_|at_(medium|campaign|custom|format|link|ptr)
    |ga_(source|medium|campaign|term|content)|mkt_|wt[._]?(mc|zmc)|xtor|s_cid|sc_(src|llid|lid|uid|channel)).*
    |fbclid|fb_(action_ids|action_types|source|ref)|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|gad_campaignid|msclkid|yclid
    |ysclid|twclid|ttclid|igshid?|igsh|li_fat_id|lipi|mc_(cid|eid)|rb_clickid|srsltid|epik|wickedid|otc|spm|scm
    |ref_(src|url)|referrer|rss_?source|ocid|cmpid|cmp|ncid|cid_source|smid|smtyp|sr_share|share_id|share|sharetype|shared
    |nr_email_referer|ml_subscriber(_hash)?|ck_subscriber_id|mibextid|si_source|_ga|_gl|_branch_match_id|guccounter
    |guce_referrer(_sig)?|amp_js_v|usqp|ito|soc_(src|trk)|taid|traffic_source|print|replytocom""",
    re.VERBOSE | re.IGNORECASE,
)
_CHANNEL_KEYS = frozenset({"ref", "source", "src", "from", "via", "medium", "campaign", "feed", "partner", "origin"})
_CHANNEL_VALUES = re.compile(
    r"(rss|feeds?|atom|rss[-_]?feed|feedburner|newsletter|e?mail|twitter|x|facebook|fb|whatsapp|linkedin|telegram|line"
    r"|home(page)?|social|push|share)",
    re.IGNORECASE,
)
_AMP_QUERY = re.compile(
    r"(amp|outputtype=amp|(amp|isamp|is_amp)=(1|true|amp|yes)?|view=amp|platform=amp(\b.*)?)", re.IGNORECASE
)
_VARIANT_LABELS = frozenset({"www", "www2", "m", "mobile", "amp"})
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "go", "gob", "mil", "net", "ne", "or", "org", "web"})
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[^/]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN = re.compile(r"[A-Za-z0-9._~/=&-]*")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_AMP_END = re.compile(r"(?<=.)(?:\.amp)+(\.html?)?$", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^/(?:[a-z]/)?(s/)?(?P<host>[^/]+\.[^/]+)(?P<path>/.*)?$")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """Return the identity key of a URL, always https; None when it is not an http(s) URL. A key is its own key.

    Tracking parameters, fragments, default ports, `www.`, AMP and mobile variants and the trailing slash are folded;
    other parameters are kept and sorted.
    """
    parts = _split(url, base)
    if parts is None:
        return None
    parts = _unwrap_amp_cache(parts)
    host = _host(parts.hostname)
    if host is None:
        return None
    host = _fold_host(host)
    port = parts.port
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    query = _fold_query(parts.query)
    fragment = f"#{_encode(parts.fragment, safe='/?!')}" if parts.fragment[:1] in ("!", "/") else ""
    key = f"https://{netloc}{_fold_path(parts.path)}{'?' + query if query else ''}{fragment}"
    return key if len(key) <= MAX_LENGTH else None


def absolute_url(url: str, base: str | None = None) -> str | None:
    """Return the http(s) URL to fetch for a link: resolved and percent-encoded, otherwise as given; else None."""
    parts = _split(url, base)
    if parts is None or _host(parts.hostname) is None:
        return None
    fragment = f"#{parts.fragment}" if parts.fragment[:1] in ("!", "/") else ""
    query = f"?{_encode(parts.query, safe=_QUERY_SAFE)}" if parts.query else ""
    return f"{parts.scheme}://{_netloc(parts)}{_encode(parts.path, safe=_PATH_SAFE) or '/'}{query}{fragment}"


def article_id(canonical_url: str) -> int:
    """Return the signed first eight bytes of the URL's SHA-256."""
    return int.from_bytes(
        hashlib.sha256(canonical_url.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True
    )


def site_of(url: str) -> str:
    """Return the host that budgets are kept by, `www.` and mobile variants folded; an IP literal as it is."""
    parts = _split(url, None)
    host = _host(parts.hostname) if parts else None
    return _fold_host(host) if host else ""


def same_site(url: str, other: str) -> bool:
    """Whether two URLs are of one site: the same folded host, or one a subdomain of the other."""
    a, b = site_of(url), site_of(other)
    if not a or not b or a == b:
        return bool(a) and a == b
    short, long = sorted((a, b), key=len)
    return long.endswith("." + short) and not _is_public_suffix(short) and _ip(short) is None


_PATH_SAFE = "/:@!$&'()*+,;=~"
_QUERY_SAFE = "/?:@!$'()*+,;=&~[]|"


def _split(url: str, base: str | None) -> SplitResult | None:
    """Split a link after what browsers do to it first; None unless it ends as http(s) with a host and a sane port."""
    text = _CONTROL.sub("", url).strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    head, sep, rest = text.partition("?")
    if not _SCHEME.match(head) or head[:4].lower() == "http":
        text = head.replace("\\", "/") + sep + rest
    try:
        parts = urlsplit(urljoin(base, text) if base and not _ABSOLUTE.match(text) else text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return None
    return parts


@functools.lru_cache(maxsize=8192)
def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address a host literal stands for, also in the forms of inet_aton (127.1, 0x7f000001)."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        numbers = [int(p, 16) if p[:2] == "0x" else int(p, 8 if p[:1] == "0" else 10) for p in _numeric(host)]
    except ValueError:
        return None
    *first, last = numbers or [-1]
    if not 0 <= last < 256 ** (4 - len(first)) or any(not 0 <= n < 256 for n in first):
        return None
    value = sum(n << (24 - 8 * i) for i, n in enumerate(first)) + last
    return ipaddress.IPv4Address(value)


def _numeric(host: str) -> list[str]:
    labels = host.rstrip(".").split(".")
    if len(labels) > 4 or not all(re.fullmatch(r"0x[0-9a-f]+|[0-9]+", label) for label in labels):
        return []
    return labels


@functools.lru_cache(maxsize=8192)
def _host(raw: str | None) -> str | None:
    """Return a lower-case ASCII host (IPv6 in brackets), or None for what is no host."""
    host = unquote(raw or "").lower().rstrip(".")
    if not host.isascii():
        # before it is looked at as an address: a digit in a circle is a digit
        try:
            host = idna.encode(host, uts46=True).decode("ascii").lower().rstrip(".")
        except (idna.IDNAError, UnicodeError):
            return None
    if "%" in host:  # the zone of a link-local address has no place in a key
        return None
    address = _ip(host)
    if address is not None:
        return f"[{address}]" if address.version == 6 else str(address)
    if _numeric(host[host.rfind(".") + 1 :]):
        return None
    return host if len(host) <= 253 and ".." not in host and _HOST.fullmatch(host) else None


def _netloc(parts: SplitResult) -> str:
    host = _host(parts.hostname) or ""
    return host if parts.port is None else f"{host}:{parts.port}"


def _is_public_suffix(host: str) -> bool:
    labels = host.split(".")
    return len(labels) < 2 or (len(labels) == 2 and labels[0] in _SECOND_LEVEL and len(labels[1]) == 2)


@functools.lru_cache(maxsize=8192)
def _fold_host(host: str) -> str:
    """Drop leading labels that only name a variant of the site, as long as a registrable name is left."""
    if _ip(host) is not None:
        return host
    while True:
        label, _, rest = host.partition(".")
        if label not in _VARIANT_LABELS or _is_public_suffix(rest):
            return host
        host = rest


def _unwrap_amp_cache(parts: SplitResult) -> SplitResult:
    """Return the original of a page on an AMP cache or viewer; host and path are looked at as a key has them."""
    host = _host(parts.hostname) or ""
    if host.endswith(".cdn.ampproject.org"):
        match = _AMP_CACHE.match(_fold_path(parts.path))
    elif host in ("google.com", "www.google.com") and (path := _clean_path(parts.path)).startswith("/amp/"):
        match = _AMP_CACHE.match(path.removeprefix("/amp"))
    else:
        return parts
    inner = _split(f"https://{match['host']}{match['path'] or '/'}", None) if match else None
    if inner is None or _host(inner.hostname) is None:
        return parts
    return _unwrap_amp_cache(inner._replace(query=parts.query))


def _encode(text: str, safe: str) -> str:
    """Normalise percent-encoding: unreserved characters plain, the rest upper-case escapes."""

    def one(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else f"%{match[1].upper()}"

    if _PLAIN.fullmatch(text):
        return text
    text = _PERCENT.sub(one, text)
    return "".join(
        run if _PERCENT.fullmatch(run) else quote(run.encode("utf-8", "replace"), safe=safe + "~")
        for run in re.split(r"(%[0-9A-F]{2})", text)
    )


def _fold_path(path: str) -> str:
    return "/" + "/".join(_fold_amp(_clean_path(path)[1:].split("/")))


def _clean_path(path: str) -> str:
    path = _encode(path, safe=_PATH_SAFE)
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment != "." and not (segment == "" and segments[-1:] == [""]):
            segments.append(segment)
    return "/" + "/".join(s for s in segments if s)


def _fold_amp(segments: list[str]) -> list[str]:
    """Drop the path marks of an AMP page, unless nothing else is left; what is left may end in such a mark again."""
    before: list[str] = []
    while segments != before:
        before = segments
        while len(segments) > 1 and segments[-1].lower() in ("amp", "amp.html"):
            segments = segments[:-1]
        while len(segments) > 1 and segments[0].lower() == "amp":
            segments = segments[1:]
        last = _AMP_END.sub(lambda m: m[1] or "", segments[-1])
        segments = segments if last in (".", "..") else [*segments[:-1], last]
    return segments


def _fold_query(query: str) -> str:
    kept = [
        _encode(pair, safe=_QUERY_SAFE.replace("&", "")) for pair in query.split("&") if pair and not _is_tracking(pair)
    ]
    return "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0]))


def _is_tracking(pair: str) -> bool:
    key, _, value = unquote(pair).partition("=")
    if _TRACKING.fullmatch(key) or _AMP_QUERY.fullmatch(f"{key}={value}") or _AMP_QUERY.fullmatch(pair):
        return True
    return key.lower() in _CHANNEL_KEYS and _CHANNEL_VALUES.fullmatch(value) is not None
