"""Synthetic participants of the consultation: three planted groups vote, and some write. All of it is invented."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from consult.consultations.models.contributed import Stakeholder, State
from consult.demo import chances
from consult.demo.content import DemoComments, DemoStatement, DemoText, DemoVoice, Stock

SHARES: Final = (0.42, 0.34, 0.24)
"""Of the planted groups: who settled abroad and wants a say, who works on contracts, who puts those at home first."""
VOTES: Final = 0.6
"""Chance of voting on a statement."""
PASSES: Final = 0.1
LOCALES: Final = {"en": 0.58, "fr": 0.19, "ar": 0.12, "es": 0.06, "pt": 0.05}
"""In which language people take part: embassies asked for it, so that those in Arabic are more than their share."""
SAYS_WHERE: Final = 0.7
"""Chance of saying in which country one lives."""
SPEAKS_FOR: Final = {
    "": 0.1,
    Stakeholder.CITIZEN: 0.72,
    Stakeholder.ASSOCIATION: 0.08,
    Stakeholder.NGO: 0.03,
    Stakeholder.ACADEMIA: 0.04,
    Stakeholder.EMPLOYERS: 0.02,
    Stakeholder.UNION: 0.01,
}
OPENS: Final = 0.85
CLOSES: Final = 0.7
REPLIES: Final = 30
WAITING: Final = 8
ENDORSED: Final = 6
"""How many endorse a comment on average."""


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who votes."""

    group: int
    """Planted; no table knows it."""
    locale: str
    country: str
    stakeholder: str
    votes: Mapping[int, int]
    """By the statement's place in the list: 1 agree, −1 disagree, 0 pass."""


@dataclass(frozen=True, slots=True)
class Written:
    """A comment as it was written, and what became of it."""

    author: int
    """The voter's place in the list."""
    locale: str
    on: str
    """Key of a block of the draft text."""
    version: int
    day: int
    """Since the consultation opened."""
    body: str
    stance: str = ""
    suggestion: str = ""
    state: State = State.SHOWN
    reason: str = ""
    parent: int | None = None
    """The place in the list of the comment that it answers."""
    endorsers: tuple[int, ...] = ()


def voters(statements: Sequence[DemoStatement], population: Sequence[Stock], *, count: int, seed: int) -> list[Voter]:
    """`count` people with a planted group and votes on about 60 % of the statements; the same for the same arguments.

    Countries are those of the language, by population. Of whoever votes on a statement one in ten passes; the others
    agree by the chance that the statement has in their group.
    """
    rng = random.Random(seed)  # noqa: S311  # reproducible fiction, no secret
    living = {
        locale: [stock for stock in population if chances.LOCALES.get(stock.country, "en") == locale]
        for locale in LOCALES
    }
    sizes = {locale: [stock.female + stock.male for stock in stocks] for locale, stocks in living.items()}
    found = []
    for locale in rng.choices(list(LOCALES), list(LOCALES.values()), k=count):
        group = rng.choices(range(len(SHARES)), SHARES)[0]
        votes = {
            at: 0 if rng.random() < PASSES else 1 if rng.random() < statement.agree[group] else -1
            for at, statement in enumerate(statements)
            if rng.random() < VOTES
        }
        country = rng.choices(living[locale], sizes[locale])[0].country if rng.random() < SAYS_WHERE else ""
        stakeholder = rng.choices(list(SPEAKS_FOR), list(SPEAKS_FOR.values()))[0]
        found.append(Voter(group, locale, country, stakeholder, votes))
    return found


def comments(
    made_of: DemoComments,
    text: DemoText,
    voters: Sequence[Voter],
    *,
    count: int,
    opened: Sequence[int],
    days: int,
    seed: int,
) -> list[Written]:
    """`count` comments, those that are answered before the answers; the same for the same arguments.

    `opened`: the day on which each version of the text was published, `days`: how long people have written; both count
    from the opening. Among the comments are those of campaigns, which say nearly the same, some refused, some set apart
    and, of the latest, some that wait.
    """
    drawn = _Writing(random.Random(seed), text, voters, opened, days)  # noqa: S311  # reproducible fiction, no secret
    sent = [*drawn.campaigns(made_of), *drawn.unseen(made_of)]
    own = list(drawn.voiced(made_of.voices, count - len(sent) - REPLIES))
    latest = sorted(range(len(own)), key=lambda at: own[at].day)[-WAITING:]
    for at in latest:
        own[at] = replace(own[at], state=State.WAITING)
    found = [drawn.endorsed(one) if one.state is State.SHOWN else one for one in (*sent, *own)]
    return [*found, *drawn.replies(made_of.replies, found)]


@dataclass(frozen=True, slots=True)
class _Writing:
    """Draws who writes what, about which version, and when."""

    rng: random.Random
    text: DemoText
    voters: Sequence[Voter]
    opened: Sequence[int]
    days: int

    def begin(self, locale: str, on: str, body: str) -> Written:
        """Somebody who reads the language writes about a version that has the block, while it is the latest."""
        fitting = [at for at, keys in enumerate(self.text.versions) if on in keys]
        at = self.rng.choice(fitting)
        last = self.opened[at + 1] - 1 if at + 1 < len(self.opened) else self.days
        return Written(self.author(locale), locale, on, at + 1, self.rng.randint(self.opened[at], last), body)

    def author(self, locale: str) -> int:
        """One of those who take part in the language."""
        return self.rng.choice([at for at, voter in enumerate(self.voters) if voter.locale == locale])

    def campaigns(self, made_of: DemoComments) -> Iterator[Written]:
        """Texts that were passed on, nearly the same by everybody."""
        for campaign in made_of.campaigns:
            for at in range(campaign.people):
                body = campaign.greetings[at % len(campaign.greetings)] + campaign.body
                written = self.begin(campaign.locale, campaign.on, body)
                yield replace(written, stance=campaign.stance)

    def unseen(self, made_of: DemoComments) -> Iterator[Written]:
        """What nobody but moderators sees."""
        for state, some in ((State.REFUSED, made_of.refused), (State.SET_APART, made_of.set_apart)):
            for one in some:
                yield replace(self.begin(one.locale, one.on, one.body), state=state, reason=one.reason)

    def voiced(self, voices: Mapping[str, DemoVoice], count: int) -> Iterator[Written]:
        """What people write on their own, no two the same."""
        seen = set[str]()
        while len(seen) < count:
            locale = self.rng.choices(list(LOCALES), list(LOCALES.values()))[0]
            voice = voices[locale]
            point = self.rng.choice(voice.points)
            opening = self.rng.choice(voice.openings) if self.rng.random() < OPENS else ""
            closing = self.rng.choice(voice.closings) if self.rng.random() < CLOSES else ""
            body = " ".join(filter(None, (opening, point.body, closing)))
            if body not in seen:
                seen.add(body)
                written = self.begin(locale, point.on, body)
                yield replace(written, stance=point.stance, suggestion=point.suggestion)

    def endorsed(self, one: Written) -> Written:
        """The same comment with others who share it."""
        several = min(int(self.rng.expovariate(1 / ENDORSED)), len(self.voters))
        others = self.rng.sample(range(len(self.voters)), several)
        return replace(one, endorsers=tuple(other for other in others if other != one.author))

    def replies(self, words: Mapping[str, Sequence[str]], found: Sequence[Written]) -> Iterator[Written]:
        """Answers to comments that are shown, in their language and not before them."""
        answered = [at for at, one in enumerate(found) if one.state is State.SHOWN and one.locale in words]
        for at in self.rng.choices(answered, k=REPLIES):
            to = found[at]
            yield Written(
                author=self.author(to.locale),
                locale=to.locale,
                on=to.on,
                version=to.version,
                day=self.rng.randint(to.day, self.days),
                body=self.rng.choice(words[to.locale]),
                parent=at,
            )
