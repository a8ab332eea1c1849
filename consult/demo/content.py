"""What the demo is made of, read from the files beside this module into frozen types."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, TypeVar

import msgspec

from consult.core.text import LocalisedText
from consult.privacy.helping import Line

_FOLDER: Final[Traversable] = files(__package__)
_Shape = TypeVar("_Shape")


class DemoInstitution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An institution; `operates` as in `accounts.models.Institution`."""

    name: LocalisedText
    kind: str
    country: str
    operates: bool = False


class DemoUser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user with roles at an institution, a seat in the core group, or both."""

    name: str
    email: str
    institution: str
    """Key in `Demo.institutions`."""
    roles: tuple[str, ...] = ()
    seat: str = ""
    seat_days: int | None = None
    """After how many days the seat expires; none: it does not."""


class DemoTheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of the process with the themes under it."""

    code: str
    label: LocalisedText
    objectives: tuple[int, ...]
    targets: tuple[str, ...] = ()
    children: tuple[DemoTheme, ...] = ()

    def walk(self, parent: str = "") -> Iterator[tuple[str, DemoTheme]]:
        """This theme and those under it, each with its parent's code, parents first."""
        yield parent, self
        for child in self.children:
            yield from child.walk(self.code)


class DemoProcess(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policy process; `lead` is a key in `Demo.institutions`, `mandate` is Markdown."""

    slug: str
    country: str
    stage: str
    lead: str
    contact: str
    title: LocalisedText
    public_name: LocalisedText
    mandate: LocalisedText
    themes: tuple[DemoTheme, ...]
    helplines: tuple[Line, ...]


class DemoNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data-protection notice of the activity."""

    controller: LocalisedText
    purpose: LocalisedText
    contact: str
    months: int
    basis: str
    special: str


class DemoActivity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The activity; `questionnaire` is the name of its XLSForm among the demo's files."""

    slug: str
    unit: str
    time_zone: str
    title: LocalisedText
    questionnaire: str
    notice: DemoNotice


class Demo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything but the responses."""

    locales: tuple[str, ...]
    institutions: dict[str, DemoInstitution]
    users: tuple[DemoUser, ...]
    process: DemoProcess
    activity: DemoActivity


class DemoCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code with the theme of the process that it belongs to."""

    code: str
    theme: str
    label: LocalisedText


class DemoCodebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The codebook, and which codes each of `opinions` is given, in the same order."""

    codes: tuple[DemoCode, ...]
    given: dict[str, tuple[tuple[str, ...], ...]]


class DemoConsultation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The online consultation; `purpose` and `policy` are Markdown, `uses` is the purpose in its notice."""

    slug: str
    unit: str
    title: LocalisedText
    purpose: LocalisedText
    policy: LocalisedText
    uses: LocalisedText


class DemoBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A heading or paragraph of the draft text, in Markdown; `theme` is the code of a theme of the process."""

    words: LocalisedText
    theme: str = ""


class DemoText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The draft text: its blocks by key, and the keys of each version in their order."""

    blocks: dict[str, DemoBlock]
    versions: tuple[tuple[str, ...], ...]

    def markdown(self, keys: tuple[str, ...], locale: str) -> bytes:
        """A version as an officer would upload it."""
        return "\n\n".join(self.blocks[key].words[locale] for key in keys).encode()


class DemoStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement to vote on; `agree`: the chance, by planted group, that whoever does not pass agrees."""

    theme: str
    agree: tuple[float, ...]
    words: LocalisedText


class DemoPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be said about a block of the draft text (`on`), with the wording of whoever suggests one."""

    on: str
    stance: str
    body: str
    suggestion: str = ""


class DemoVoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people write in a language: an opening, a point and a closing make a comment."""

    openings: tuple[str, ...]
    closings: tuple[str, ...]
    points: tuple[DemoPoint, ...]


class DemoCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that several people send, each with a greeting of theirs."""

    locale: str
    on: str
    stance: str
    people: int
    body: str
    greetings: tuple[str, ...]


class DemoUnseen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A comment that is not shown; `reason`: the moderator's, where one refused it."""

    locale: str
    on: str
    body: str
    reason: str = ""


class DemoComments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of what comments are made; voices and replies by locale."""

    voices: dict[str, DemoVoice]
    replies: dict[str, tuple[str, ...]]
    campaigns: tuple[DemoCampaign, ...]
    refused: tuple[DemoUnseen, ...]
    set_apart: tuple[DemoUnseen, ...]


class DemoSubmission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A written submission; `permission` as in `consultations.models.contributed.Permission`."""

    stakeholder: str
    permission: str
    locale: str
    name: str
    title: str
    body: str


class Stock(msgspec.Struct, frozen=True):
    """People born in Ghana who lived in a country in 2019 (UN DESA, see README.md)."""

    country: str
    """ISO 3166-1 alpha-2."""
    region: str
    """The questionnaire's choice."""
    female: int
    male: int


def load() -> Demo:
    """Institutions, users, process, themes and activity."""
    return decoded("process.json", Demo)


def questionnaire_file(demo: Demo) -> bytes:
    """The XLSForm as an officer would upload it."""
    return _FOLDER.joinpath(demo.activity.questionnaire).read_bytes()


def population() -> tuple[Stock, ...]:
    """Stock by country of residence, the largest first."""
    with _FOLDER.joinpath("population.csv").open(encoding="utf-8") as lines:
        return tuple(
            Stock(row["country"], row["region"], int(row["female"]), int(row["male"])) for row in csv.DictReader(lines)
        )


def margins() -> bytes:
    """Totals of the same people by sex and region, as an officer would upload them."""
    return _FOLDER.joinpath("margins.csv").read_bytes()


def opinions() -> Mapping[str, tuple[str, ...]]:
    """Answers to the open question, by locale."""
    return decoded("opinions.json", dict[str, tuple[str, ...]])


def codebook() -> DemoCodebook:
    """What the answers to the open question are coded with."""
    return decoded("codebook.json", DemoCodebook)


def consultation() -> DemoConsultation:
    """What the consultation says of itself."""
    return decoded("consultation.json", DemoConsultation)


def draft_policy() -> DemoText:
    """The draft text in its versions."""
    return decoded("draft_policy.json", DemoText)


def statements() -> tuple[DemoStatement, ...]:
    """What people vote on."""
    return decoded("statements.json", tuple[DemoStatement, ...])


def comments() -> DemoComments:
    """Of what comments on the draft text are made."""
    return decoded("comments.json", DemoComments)


def submissions() -> tuple[DemoSubmission, ...]:
    """Written submissions of organisations and of a citizen."""
    return decoded("submissions.json", tuple[DemoSubmission, ...])


def decoded(name: str, shape: type[_Shape]) -> _Shape:
    """A file beside this module."""
    return msgspec.json.decode(_FOLDER.joinpath(name).read_bytes(), type=shape, dec_hook=_localised)


def _localised(_: type, value: dict[str, str]) -> LocalisedText:
    return LocalisedText(value)
