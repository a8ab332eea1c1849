"""Settings: read once from the environment, frozen, every field documented.

`docs/operate.md` shows this table to operators; a test keeps the two equal.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOCALES = ("en", "fr", "ar", "es", "pt", "ru")
"""The shipped locales of the interface, the default first."""


Store = Path | str
"""Where columns or one of their files are: a path, or an address `s3://bucket/folder?region=…`."""


class SettingsError(ValueError):
    """A setting in the environment cannot be read; the message names it and what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set, by its environment variable `CONSULT_<NAME>`."""

    data: Path = field(
        default=Path("data"), metadata={"help": "Folder of database, keys.json, column store and uploads."}
    )
    database_url: str = field(
        default="", metadata={"help": "SQLAlchemy address; empty: SQLite file `consult.db` in the data folder."}
    )
    columns: str = field(
        default="",
        metadata={
            "help": "Column store: a folder, or s3://bucket/folder?region=… of an S3-compatible store; "
            "empty: the folder `columns` of the data folder."
        },
    )
    erasures: str = field(
        default="",
        metadata={"help": "File of the erasure ledger; empty: `erasures.jsonl` of the data folder."},
    )
    base_url: str = field(
        default="http://127.0.0.1:8000", metadata={"help": "Public address, used in mails and letters."}
    )
    trusted_hosts: tuple[str, ...] = field(
        default=(), metadata={"help": "Host names answered to, comma-separated; empty: the host of the base address."}
    )
    proxies: int = field(
        default=0,
        metadata={"help": "Number of reverse proxies in front whose X-Forwarded-Proto and -Host are believed."},
    )
    smtp_url: str = field(
        default="",
        metadata={"help": "smtp://user:password@host:587 or smtps://…; empty: no mail, links are shown to copy."},
    )
    mail_from: str = field(default="consult@localhost", metadata={"help": "Sender of mails."})
    engine: str = field(
        default="",
        metadata={"help": "Engine of aggregation; empty: DuckDB in the process; sc://host:15002: Spark Connect."},
    )
    engine_megabytes: int = field(
        default=1024,
        metadata={"help": "Megabytes that DuckDB may take; what needs more goes to the disk, encrypted, and back."},
    )
    threshold: int = field(
        default=10, metadata={"help": "Floor of the disclosure threshold for units that are persons."}
    )
    backup_folder: str = field(
        default="", metadata={"help": "Folder of backups, on another disk; empty: `backups` in the data folder."}
    )
    backup_days: int = field(
        default=30, metadata={"help": "Days after which `consult backup` deletes older backups; the last one stays."}
    )
    upload_megabytes: int = field(
        default=8, metadata={"help": "Megabytes that a file of a participant may have; see “Files of participants”."}
    )
    threads: int = field(default=2, metadata={"help": "Threads of the aggregation engine."})
    workers: int = field(default=2, metadata={"help": "Web processes of `consult serve`."})

    @property
    def url(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'consult.db'}"

    @property
    def keys_file(self) -> Path:
        """The one file of secrets, mode 0600."""
        return self.data / "keys.json"

    @property
    def column_store(self) -> Store:
        """Where the Parquet segments are."""
        if "://" in self.columns:
            return self.columns
        return Path(self.columns) if self.columns else self.data / "columns"

    @property
    def ledger(self) -> Path:
        """The erasure ledger: outside the database, so that a restored one can be told what to erase again."""
        return Path(self.erasures) if self.erasures else self.data / "erasures.jsonl"

    @property
    def media(self) -> Path:
        """Folder of the sounds and pictures of questionnaires."""
        return self.data / "media"

    @property
    def uploads(self) -> Path:
        """Folder of the files that participants gave, with one for each activity."""
        return self.data / "uploads"

    @property
    def made(self) -> Path:
        """Folder of the files that jobs make for whoever asked."""
        return self.data / "made"

    @property
    def reports(self) -> Path:
        """Folder of the reports of published releases."""
        return self.data / "reports"

    @property
    def backups(self) -> Path:
        """Folder of the backups."""
        return Path(self.backup_folder) if self.backup_folder else self.data / "backups"

    @property
    def secure(self) -> bool:
        """Whether the public address is https, hence cookies are Secure."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names (with port where the base address has one) that requests may name."""
        return self.trusted_hosts or (self.base_url.split("://", 1)[-1].split("/", 1)[0],)


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `CONSULT_*` variables; raises SettingsError naming the first one that cannot be read."""
    values: dict[str, object] = {}
    for name, spec in Settings.__dataclass_fields__.items():
        raw = environ.get(f"CONSULT_{name.upper()}")
        if raw is None or raw == "":
            continue
        if spec.type == "int":
            if not raw.isascii() or not raw.isdigit():
                raise SettingsError(f"CONSULT_{name.upper()} takes a whole number, not {raw!r}")
            values[name] = int(raw)
        elif spec.type == "Path":
            values[name] = Path(raw)
        elif spec.type == "tuple[str, ...]":
            values[name] = tuple(part.strip() for part in raw.split(",") if part.strip())
        else:
            values[name] = raw
    _check_columns(str(values.get("columns", "")))
    return Settings(**values)  # type: ignore[arg-type]  # each value was read by its field's type just above


def _check_columns(address: str) -> None:
    """The message does not repeat the address, for somebody may have put a secret into it."""
    if "://" not in address:
        return
    found = urlsplit(address)
    if found.scheme != "s3" or not found.hostname or found.username is not None:
        raise SettingsError(
            "CONSULT_COLUMNS takes a folder or s3://bucket/folder, and no keys: those are AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        )


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of an installation, kept in one `keys.json` (mode 0600) apart from data and backups."""

    session: bytes
    """Signs the cookies of staff."""
    codes: bytes
    """HMAC key of resume, receipt, invitation and sign-in codes; never rotated."""
    contact: dict[str, bytes]
    """Keys of contact data and secrets at rest, by key id; the last one encrypts."""
    offline: dict[str, bytes]
    """Secrets of the key pairs to which devices seal answers given without a network, by key id; devices get the public
    key of the last one, older ones still open what waits."""
    backup: dict[str, bytes]
    """Keys of backups, by key id; the last one encrypts."""

    @classmethod
    def draw(cls) -> Keys:
        """Fresh random keys."""
        session, codes, contact, offline, backup = (secrets.token_bytes(32) for _ in range(5))
        return cls(session, codes, {"1": contact}, {"1": offline}, {"1": backup})


def load_keys(path: Path) -> Keys:
    """Read `keys.json`, making it (mode 0600) where there is none yet; two processes starting at once agree on one."""
    if not path.exists():
        write_keys(Keys.draw(), path)
    return read_keys(path)


def write_keys(keys: Keys, path: Path) -> None:
    """Write keys into a file of mode 0600, durably, unless there is one of that name: the first one wins."""
    draft = _drafted(keys, path)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)  # which never replaces
    draft.unlink()


def replace_keys(keys: Keys, path: Path) -> None:
    """Have other keys in a file, whole or not at all, and durably: what is sealed next must not outlive its key."""
    _drafted(keys, path).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _drafted(keys: Keys, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    several = {"contact": keys.contact, "offline": keys.offline, "backup": keys.backup}
    text = json.dumps(
        {
            "session": keys.session.hex(),
            "codes": keys.codes.hex(),
            **{kind: {name: key.hex() for name, key in found.items()} for kind, found in several.items()},
        },
        indent=1,
    )
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def read_keys(path: Path) -> Keys:
    """The keys of a file; raises OSError where there is none, and ValueError where it cannot be read.

    The first secret of devices and the first key of backups follow from the key of codes: on a file from before there
    were any, all nodes agree on them, and none of them has to write.
    """
    try:
        raw: Mapping[str, Any] = json.loads(path.read_text())
        codes = bytes.fromhex(raw["codes"])
        named = {"contact": raw["contact"]}
        for name in ("offline", "backup"):
            first = hmac.digest(codes, name.encode(), hashlib.sha256).hex()
            named[name] = {"0": first, **raw.get(name, {})}
        by_id = {name: {key_id: bytes.fromhex(key) for key_id, key in keys.items()} for name, keys in named.items()}
        return Keys(bytes.fromhex(raw["session"]), codes, **by_id)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} lacks {error}") from error
