"""When the whole archive was last checked, as long as nobody else has written to it: any other hand breaks the seal."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import datetime
from functools import cache

from monitor.masked import masked
from monitor.records import Place
from monitor.sqlfiles import sql_files, sql_text

_NAME = "warehouse.checked"


def read(place: Place) -> datetime | None:
    """When everything was checked; None when it was not, by other checks, or when another program wrote there since."""
    try:
        kept = json.loads((place.data / _NAME).read_text("utf-8"))
        return datetime.fromisoformat(kept["checked_at"]) if kept["of"] == _state(place) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remove(place: Place) -> None:
    """Break the seal while somebody works: who dies before the end, or finds a fault, leaves none."""
    with suppress(OSError):
        (place.data / _NAME).unlink(missing_ok=True)


def write(place: Place, checked_at: datetime) -> None:
    """Seal the archive as it lies now, once it is closed. Where that cannot be, the next check is of everything."""
    part = place.data / f"{_NAME}.part"
    with suppress(OSError):
        part.write_text(json.dumps({"checked_at": checked_at.isoformat(), "of": _state(place)}), "utf-8")
        part.replace(place.data / _NAME)


def _state(place: Place) -> list[str | int]:
    """What every write of any program changes. To a lake others write by its design: there only tables and checks."""
    if place.is_lake:
        return [masked(place.warehouse), _checks()]
    if (place.data / "warehouse.duckdb.wal").exists():
        raise FileExistsError("what a writer left behind is not in the file yet")
    now = (place.data / "warehouse.duckdb").stat()
    return [now.st_size, now.st_mtime_ns, _checks()]


@cache
def _checks() -> str:
    paths = [f"{folder}/{path.name}" for folder in ("schema", "checks") for path in sql_files(folder)]
    return hashlib.sha256("".join(map(sql_text, [*paths, "store/checks.sql"])).encode()).hexdigest()[:16]
