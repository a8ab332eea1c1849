"""Languages in which participants are spoken to, beside those in which the interface is shipped."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.config import LOCALES
from consult.db.base import Base
from consult.db.types import Json


class Language(Base):
    """A language that an administrator added. Its words are translated like those of a questionnaire."""

    __tablename__ = "languages"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint("direction IN ('ltr', 'rtl')", name="direction"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    code: Mapped[str] = mapped_column(String(35))
    """BCP 47."""
    name: Mapped[str] = mapped_column(String(80))
    """In the language itself."""
    english: Mapped[str] = mapped_column(String(80))
    direction: Mapped[str] = mapped_column(String(3))
    digits: Mapped[str] = mapped_column(String(8))
    """In which numbers are shown (`core.numbering`)."""
    plural: Mapped[str] = mapped_column(Text)
    """Its plural rule (`core.plurals.parse`): CLDR's as it was when the language was added, or one typed by hand."""
    fallback: Mapped[str] = mapped_column(String(35))
    """The shipped locale in which participants see what is not translated yet."""
    words: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    """Translations that participants see, by their paths (`core.vocabulary`)."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts its changes: every process of the server sees by it that what it knows is out of date."""

    @property
    def slug(self) -> str:
        """What names it in files and in the audit trail."""
        return self.code

    @property
    def locales(self) -> list[str]:
        """The language in which the interface is written, and this one."""
        return [LOCALES[0], self.code]
