"""The data-protection notice of an activity."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from consult.core.text import LocalisedText
from consult.privacy.models import Notice
from consult.processes.models import Activity


def make_notice(session: Session, activity: Activity, *, locales: Sequence[str] = ()) -> Notice:
    """A notice in some locales, those of the activity unless told otherwise; replaces the one there was."""
    wanted = locales or activity.locales
    notice = session.merge(
        Notice(
            activity_id=activity.id,
            controller=LocalisedText(dict.fromkeys(wanted, "Ministry of Foreign Affairs")),
            purpose=LocalisedText(dict.fromkeys(wanted, "To prepare the policy.")),
            basis="public_task",
            special="none",
            rights=["access", "erasure"],
            **{
                name: LocalisedText(dict.fromkeys(wanted, f"About {name}."))
                for name in ("recipients", "transfers", "automated", "source")
            },
            contact="privacy@example.org",
            months=24,
        )
    )
    session.flush()
    return notice
