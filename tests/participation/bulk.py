"""Makes codes and their letters in a process of its own, and prints what was made and the memory that it took:
`python -m tests.participation.bulk FOLDER COUNT`."""

from __future__ import annotations

import io
import json
import resource
import sys
import uuid
import zipfile
from contextlib import closing
from pathlib import Path
from typing import IO, cast

from pypdf import PdfReader
from sqlalchemy import func, select

from consult.app import create_app
from consult.config import Keys, Settings
from consult.core.progress import unwatched
from consult.core.sealedstream import Opener, Sealer
from consult.db import migrate
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation import entrances, generating, printing
from consult.participation.generating import Wanted
from consult.participation.models import Invitation
from tests.factories.processes import make_activity


def made(folder: Path, count: int) -> dict[str, int]:
    """What a list of so many codes has, in the database and in its file."""
    settings, database = Settings(data=folder), Database(f"sqlite:///{folder / 'consult.db'}")
    installation = Installation(settings, Keys.draw(), database)
    migrate.upgrade(database)
    app = create_app(settings, installation.keys, database)
    with database.transaction() as session:
        activity = make_activity(session, slug="survey")
        begun = entrances.begin_list(session, activity, "Letters", size=count, contacts=False)
    wanted = Wanted({"activity": "survey"}, activity.id, "Letters", count, "en", "", letters=True)
    with database.reading() as session, app.app_context():
        here = session.get_one(type(activity), activity.id)
        letters = printing.letters(here, entrances.entrance(session, here.id), "en", "https://consult.example.org")
    target = folder / "codes"
    with target.open("wb") as file, closing(Sealer(file, installation.keys.contact, b"job")) as sealed:
        generating.drawn(installation, begun.id, wanted, letters, cast(IO[bytes], sealed), unwatched)
    took = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"megabytes": took, **_counted(installation, begun.id, target)}


def _counted(installation: Installation, list_id: uuid.UUID, target: Path) -> dict[str, int]:
    with target.open("rb") as file:
        opened = io.BytesIO(Opener(file, installation.keys.contact, b"job").read())
    with zipfile.ZipFile(opened) as archive:
        parts = [name for name in archive.namelist() if name.endswith(".pdf")]
        pages = [int(name[-10:-4]) - int(name[-17:-11]) + 1 for name in parts]
        last = PdfReader(io.BytesIO(archive.read(parts[-1])))
        assert len(last.pages) == pages[-1]
        lines = archive.read("codes.csv").count(b"\r\n") - 1
    with installation.database.reading() as session:
        stored = session.scalar(select(func.count()).where(Invitation.list_id == list_id)) or 0
    return {"stored": stored, "in_csv": lines, "letters": sum(pages)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(made(Path(sys.argv[1]), int(sys.argv[2]))))
