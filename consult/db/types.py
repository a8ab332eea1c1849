"""Column types shared by the models."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from consult.core.text import LocalisedText


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware moment, stored in UTC. Never beside answers: those carry a date."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


class Localised(TypeDecorator[LocalisedText]):
    """A text in several locales, stored as a JSON object with sorted keys."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: LocalisedText | None, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(dict(value), order="sorted").decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> LocalisedText | None:
        return None if value is None else LocalisedText(msgspec.json.decode(value, type=dict[str, str]))


class Json(TypeDecorator[Any]):
    """Any JSON value, stored as canonical text (sorted keys). Replace the value, never mutate it in place."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value, order="sorted").decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)
