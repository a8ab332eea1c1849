"""Who asks, what a rule lets them reach, and the scope that every query of staff is narrowed to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member of staff with what they hold at this moment."""

    id: uuid.UUID
    name: str
    locale: str = "en"
    roles: Mapping[uuid.UUID, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """Roles by institution."""
    seats: Mapping[uuid.UUID, str] = field(default_factory=lambda: MappingProxyType({}))
    """Unexpired seats by policy process."""
    operator: bool = False
    """Whether an administrator of the institution that operates the installation."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one request may reach: everything else does not exist for it."""

    actor: Actor
    institutions: frozenset[uuid.UUID]
    """Institutions whose processes are reachable through a role."""
    processes: frozenset[uuid.UUID]
    """Processes reachable through a seat in their core group."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: everybody, everybody signed in, or the holders of roles and seats."""

    public: bool = False
    signed_in: bool = False
    operator: bool = False
    roles: frozenset[str] = frozenset()
    seats: frozenset[str] = frozenset()

    def scope(self, actor: Actor) -> Scope | None:
        """What this rule lets an actor reach; none where they may not use the route at all."""
        if self.operator and not actor.operator:
            return None
        institutions = frozenset(place for place, held in actor.roles.items() if held & self.roles)
        processes = frozenset(process for process, seat in actor.seats.items() if seat in self.seats)
        if not (self.public or self.signed_in or self.operator or institutions or processes):
            return None
        return Scope(actor, institutions, processes)
