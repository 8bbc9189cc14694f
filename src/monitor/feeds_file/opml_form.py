"""OPML: outlines nested to any depth, whose folders and categories become collections."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from monitor.errors import FeedsFileError
from monitor.feeds_file.names import slug, source_type, with_ids
from monitor.feeds_file.row import Row, fail, is_language
from monitor.records import Feed

_OURS = "urn:monitor:feeds"
_EXTRAS = ("id", "source", "source_type", "region", "full_text", "active", "timezone")
_DEEPEST = 60


@dataclass(slots=True)
class _Outlines:
    """What expat has seen so far: the open folders, and the feeds by URL."""

    name: str
    parser: expat.XMLParserType
    folders: list[str | None] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    root: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(" ")[2].lower()
        self._check_root(local)
        if local != "outline":
            return
        if len(self.folders) >= _DEEPEST:
            raise fail(self.name, self.parser.CurrentLineNumber, f"outlines are nested deeper than {_DEEPEST}")
        given = {key.lower() if " " not in key else key: value.strip() for key, value in attributes.items()}
        url = given.get("xmlurl")
        self.folders.append(None if url is not None else _title(given))
        if url is not None:
            self._add(url, given)

    def end(self, tag: str) -> None:
        if tag.rpartition(" ")[2].lower() == "outline":
            self.folders.pop()

    def refuse_entity(self, *_: object) -> None:
        raise fail(self.name, self.parser.CurrentLineNumber, "declares XML entities, which a feeds list never needs")

    def _check_root(self, tag: str) -> None:
        if not self.root:
            self.root = tag
            if tag in {"rss", "rdf", "feed"}:
                raise fail(self.name, 1, "is a feed itself, not a list of feeds; put its address in a feeds.toml")
            if tag != "opml":
                raise fail(self.name, 1, f"is no OPML: it starts with <{tag}>")

    def _add(self, url: str, given: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        row = Row(line, _values(url, given, [folder for folder in self.folders if folder]))
        if url in self.rows:
            row = _merged(self.rows[url], row)
        self.rows[url] = row


def read(text: str, name: str) -> list[Row]:
    """The rows of an OPML file; a feed that stands in several folders is one row with all their collections."""
    parser = expat.ParserCreate(namespace_separator=" ")
    seen = _Outlines(name, parser)
    parser.StartElementHandler = seen.start
    parser.EndElementHandler = seen.end
    parser.EntityDeclHandler = seen.refuse_entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise _broken(error, text, name) from None
    return with_ids(list(seen.rows.values()))


def write(feeds: Iterable[Feed]) -> str:
    """An OPML 2.0 file that reads back as the same feeds; what OPML has no word for is in a namespace of ours."""
    outlines = "".join(f"    <outline {_attributes(feed)}/>\n" for feed in feeds)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<opml version="2.0" xmlns:monitor="{_OURS}">\n'
        "  <head><title>Feeds</title></head>\n"
        f"  <body>\n{outlines}  </body>\n</opml>\n"
    )


def _attributes(feed: Feed) -> str:
    ours = {
        "id": feed.feed_id,
        "source": feed.publisher,
        "source_type": feed.source_type,
        "region": feed.region,
        "active": "" if feed.active else "false",
        "full_text": "" if feed.full_text is None else str(feed.full_text).lower(),
        "timezone": feed.timezone or "",
    }
    given = {
        "type": "rss",
        "text": feed.name,
        "title": feed.name,
        "xmlUrl": feed.url,
        "language": feed.language,
        "category": ",".join(feed.collections),
        **{f"monitor:{key}": value for key, value in ours.items()},
    }
    return " ".join(f"{key}={quoteattr(value)}" for key, value in given.items() if value)


def _values(url: str, given: dict[str, str], folders: list[str]) -> dict[str, object]:
    extras = {key: given[f"{_OURS} {key}"] for key in _EXTRAS if given.get(f"{_OURS} {key}")}
    values: dict[str, object] = {key: value for key, value in extras.items() if key not in {"active", "full_text"}}
    values.update({key: extras[key] == "true" for key in ("active", "full_text") if key in extras})
    values.update(url=url, name=_title(given) or url, collections=_collections(given.get("category", ""), folders))
    if "source_type" in extras:
        values["source_type"] = source_type(extras["source_type"])
    if is_language(given.get("language", "")):
        values["language"] = given["language"]
    return values


def _title(given: dict[str, str]) -> str:
    return " ".join((given.get("title") or given.get("text") or "").split())


def _collections(category: str, folders: list[str]) -> list[str]:
    """Folders and categories ("/a/b,c") as slugs, each once, in the order of the file."""
    parts = [*folders, *re.split(r"[,/]", category)]
    return list(dict.fromkeys(filter(None, map(slug, parts))))


def _merged(first: Row, again: Row) -> Row:
    both = [*_list(first.values["collections"]), *_list(again.values["collections"])]
    return Row(first.line, {**again.values, **first.values, "collections": list(dict.fromkeys(both))})


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _broken(error: expat.ExpatError, text: str, name: str) -> FeedsFileError:
    if re.match(r"\s*<(!doctype\s+)?html\b", text, re.IGNORECASE):
        return fail(name, 1, "is a web page, not an OPML file")
    return fail(name, error.lineno, f"is not well-formed XML: {expat.ErrorString(error.code)}")
