"""Addresses that are written into mails."""

from __future__ import annotations

from consult.config import Settings
from consult.processes.models import Activity


def own(settings: Settings, activity: Activity, locale: str, code: str) -> str:
    """One's own page; the code after `#` stays in the browser until it is sent."""
    return f"{settings.base_url.rstrip('/')}/{_offered(activity, locale)}/e/{activity.slug}/own#{code}"


def feedback(settings: Settings, activity: Activity, locale: str) -> str:
    """The open link of a feedback questionnaire: the same for everybody."""
    return f"{settings.base_url.rstrip('/')}/{_offered(activity, locale)}/q/{activity.slug}"


def _offered(activity: Activity, locale: str) -> str:
    return locale if locale in activity.locales else activity.locales[0]
