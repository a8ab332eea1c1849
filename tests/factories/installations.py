"""A whole installation that has been used: something in every kind of table and folder."""

from __future__ import annotations

import datetime as dt
import random

from consult.accounts.models import Role
from consult.accounts.service import secondstep, signins
from consult.audit import service as audit
from consult.core.questionnaire.uploads import Upload
from consult.core.sealing import seal
from consult.db.installation import Installation
from consult.files import Folder
from consult.mail import service as mail
from consult.mail.service import Letter
from consult.processes.models import Activity
from consult.responses import mixing, uploads
from tests.factories.accounts import TOTP_SECRET, institution, user
from tests.factories.media import make_sounding
from tests.factories.processes import make_activity, make_process
from tests.factories.responses import make_open, make_submission
from tests.results.surveying import Survey

CONTACT = "ama.mensah@example.org"
PICTURE = b"picture of a house %d"
FILES = 12


def make_lived_in(installation: Installation, now: dt.datetime, *, responses: int = 30) -> Activity:
    """A closed survey in the column store, an activity with sounds, an open one with files mixed and unmixed, staff who
    have signed in, a mail, a trail; the open activity."""
    settings, keys, database = installation.settings, installation.keys, installation.database
    Survey(database, settings, keys, now).answer_at_random(responses)
    with database.transaction() as session:
        person = user(session, institution(session, operates=True), Role.ADMINISTRATOR, email="root@example.org")
        person.totp_secret = seal(keys.contact, TOTP_SECRET.encode(), secondstep.context(person.id))
        signins.begin(session, keys, person, now=now)
        mail.post(session, keys, to=CONTACT, locale="en", letter=Letter("Hello", "Hello", "<p>Hello</p>"), now=now)
        sounding = make_activity(session, make_process(session), slug="sounding", locales=("en",))
        make_sounding(session, Folder(settings.media), sounding)
        opened = make_open(session, "uploads", slug="open", threshold=10)
        folder = uploads.folder(settings.uploads, opened.id)
        for number in range(FILES):
            make_submission(session, opened, {"photo": _upload(folder, number)}, now=now)
        mixing.mix(session, opened.id, least=10, chance=random.Random(1))
        make_submission(session, opened, {"photo": _upload(folder, FILES)}, now=now)
    audit.chain(database)
    return opened


def _upload(folder: Folder, number: int) -> Upload:
    picture = PICTURE % number
    return Upload(folder.put(picture), "image/jpeg", len(picture))
