"""The `consult` command. Each slice contributes its group; this module runs the installation itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from consult import __version__, config
from consult.accounts.commands import accounts
from consult.app import EVERY, LONG, RETENTION, RING, TASKS, create_app
from consult.audit.commands import audit
from consult.backups.commands import backup, restore
from consult.consultations.commands import opinions
from consult.consultations.text_commands import consultations
from consult.db import migrate
from consult.db.installation import Installation, open_installation
from consult.db.session import Database
from consult.demo.commands import demo
from consult.doctor.commands import doctor
from consult.events.commands import events
from consult.jobs import long
from consult.jobs.worker import work
from consult.keyring.commands import keys
from consult.participation.commands import invitations
from consult.privacy.commands import erasures
from consult.processes.commands import jobs
from consult.questionnaires.commands import lss, xlsform
from consult.questionnaires.translation_commands import translations
from consult.responses.commands import responses
from consult.results.commands import results
from consult.results.disclosing import disclosure
from consult.results.exporting import export
from consult.results.releasing import releases
from consult.results.tabling import tables
from consult.results.weighting_commands import weights

RESTART_AFTER = 2.0
"""Seconds before a worker process that died is started again."""
PARENT_WATCH = 1.0
"""Seconds between two looks whether the parent is there."""
STOP_WITHIN = 20.0
"""Seconds in which the worker finishes the job at hand."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="consult")
@click.pass_context
def main(context: click.Context) -> None:
    """Listen to the diaspora and turn what it says into evidence. Settings come from CONSULT_* variables."""
    os.umask(0o077)  # database, column store and logs are nobody else's business
    context.obj = LazyInstallation()


class LazyInstallation:
    """Opens the installation when a command first asks for it: many work on plain files and need none."""

    def __init__(self) -> None:
        self._opened: Installation | None = None

    def __call__(self) -> Installation:
        if self._opened is None:
            try:
                self._opened = open_installation(os.environ)
            except config.SettingsError as error:
                raise click.ClickException(str(error)) from error
        return self._opened

    def application(self) -> Flask:
        """The application, for commands that write letters from templates."""
        opened = self()
        return create_app(opened.settings, opened.keys, opened.database)


@main.command("migrate")
@click.pass_obj
def migrate_command(installation: LazyInstallation) -> None:
    """Bring the database to the schema of this version."""
    migrate.upgrade(installation().database)


@main.command("revision", hidden=True)
@click.argument("message")
def revision(message: str) -> None:
    """Draft a migration from the models, against a database made for it: for developers, see `make migration`."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder, 'empty.db')}")
        migrate.draft(database, message)
        database.close()


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="Web processes; default: CONSULT_WORKERS.")
@click.pass_obj
def serve(installation: LazyInstallation, host: str, port: int, workers: int | None) -> None:
    """Serve the web and run one worker beside it, started again if it dies; SIGTERM and SIGINT stop both.

    Nothing about clients is logged: there is no access log.
    """
    count = workers or installation().settings.workers
    installation().database.close()  # each process opens its own
    server = Granian(
        "consult.cli:create_served_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=count,
        blocking_threads=4,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
    )
    with supervised_worker():
        server.serve()


@contextlib.contextmanager
def supervised_worker() -> Iterator[None]:
    """Keep a worker process running beside this one; it ends with this one, however this one ends."""
    stop = threading.Event()
    running: list[int] = []
    command = [sys.executable, "-m", "consult.cli", "worker", "--parent", str(os.getpid())]

    def supervise() -> None:
        while not stop.is_set():
            # Not subprocess: its pipe to the child can be inherited by a web process forked at the same moment, and
            # is then waited for as long as that one lives.
            running.append(os.posix_spawn(sys.executable, command, os.environ, setsid=True))
            os.waitpid(running[0], 0)
            running.clear()
            stop.wait(RESTART_AFTER)

    def signal_worker(number: signal.Signals) -> None:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    thread = threading.Thread(target=supervise, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        signal_worker(signal.SIGTERM)
        thread.join(STOP_WITHIN)
        signal_worker(signal.SIGKILL)


@main.command("worker")
@click.option("--parent", type=int, hidden=True, help="Process to end with.")
@click.pass_obj
def worker(installation: LazyInstallation, parent: int | None) -> None:
    """Run jobs (mail, mixing, closing, the audit chain) until SIGTERM or SIGINT; the job at hand is finished.

    What people ask for and wait for (releases, files) runs beside them; it goes back to the queue at its next step.
    """
    opened, stop = installation(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        end_with(parent)
    # Tasks write mails from templates: they need the application, though no request.
    app = create_app(opened.settings, opened.keys, opened.database)

    def clock() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def wait_for_long() -> None:
        with app.app_context():
            long.work(opened, LONG, stop=stop, clock=clock)

    beside = threading.Thread(target=wait_for_long, daemon=True)
    beside.start()
    with app.app_context():
        work(opened, TASKS, EVERY, stop=stop, clock=clock)
    # A longer step is not waited for: its job goes to the next worker when its lease is over.
    beside.join(STOP_WITHIN / 2)


def create_served_app() -> Flask:
    """The application in a web process of `serve`, which ends with it."""
    end_with(os.getppid())
    app = create_app()
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection need look at it again
    return app


def end_with(parent: int) -> None:
    """Have this process terminate soon after its parent, which may end without a word (SIGKILL)."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_WATCH)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


main.add_command(accounts)
main.add_command(demo)
main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(doctor)
main.add_command(keys(RING))
main.add_command(xlsform)
main.add_command(translations)
main.add_command(responses)
main.add_command(opinions)
main.add_command(lss)
main.add_command(invitations)
main.add_command(jobs)
main.add_command(erasures(RETENTION))
main.add_command(releases)
main.add_command(results)
main.add_command(weights)
main.add_command(consultations)
main.add_command(events)
main.add_command(disclosure)
main.add_command(export)
main.add_command(tables)

if __name__ == "__main__":
    main()
