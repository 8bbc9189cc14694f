"""What a map is, and what it says of a batch that it could not bring back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Lost:
    """A batch whose worker was killed: `reason` is timeout or crash."""

    batch: Any
    reason: str


Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
