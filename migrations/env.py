"""Runs migrations on the connection that `consult.db.migrate` hands over."""

from contextlib import contextmanager

from alembic import context

import consult.accounts.models
import consult.audit.models
import consult.consultations.models.answered
import consult.consultations.models.asked
import consult.consultations.models.contributed
import consult.consultations.models.moderated
import consult.consultations.models.opinions
import consult.events.models.held
import consult.events.models.planned
import consult.events.models.signed
import consult.jobs.models
import consult.languages.models
import consult.mail.models
import consult.participation.models
import consult.privacy.models
import consult.processes.models
import consult.questionnaires.models
import consult.responses.joint.models
import consult.responses.models
import consult.results.models  # noqa: F401  # every module of models registers its tables
from consult.db.base import Base
from consult.db.migrate import is_partition


def include_name(name, kind, _parents):
    """Leave partitions out of comparisons: models describe the whole table."""
    return not (kind == "table" and name is not None and is_partition(name))


def run() -> None:
    """Migrate, one transaction per revision."""
    database = context.config.attributes["database"]
    with database.writing.connect() as connection, unwatched(connection, sqlite=database.sqlite):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=database.sqlite,
            compare_type=True,
            include_name=include_name,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def unwatched(connection, *, sqlite):
    """Keep SQLite from deleting what hangs on a table while that is written anew; then look that nothing hangs loose.

    Batch operations drop the old table, and with it would go every row that refers to it by ON DELETE CASCADE. The
    pragma has no effect within a transaction.
    """
    if not sqlite:
        yield
        return
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if loose := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows refer to what is not there: {loose[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


run()
