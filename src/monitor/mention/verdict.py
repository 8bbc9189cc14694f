"""What a rule says of a match: keep it as something, keep it uncounted, or veto it, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entity_id` and `form` replace those of the alias where the rule knows better."""

    keep: bool
    rule: str
    counted: bool = True
    entity_id: str | None = None
    form: str | None = None


def veto(rule: str) -> Verdict:
    """Not a mention."""
    return Verdict(keep=False, rule=rule)


def uncounted(rule: str) -> Verdict:
    """A mention that no count takes in."""
    return Verdict(keep=True, rule=rule, counted=False)


def means(entity_id: str, rule: str) -> Verdict:
    """A mention of this entity, whatever the alias says by itself."""
    return Verdict(keep=True, rule=rule, entity_id=entity_id)
