"""Questionnaires as an import could have made them, drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st

from consult.core.questionnaire.definition import (
    SELECTS,
    SILENT,
    Choice,
    ChoiceList,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
    node_id,
)
from consult.core.text import LocalisedText, clean

LOCALES = ("en", "fr", "ar", "pt-BR", "zh-Hant", "tet", "x-klingon", "x-afarof-thecoast")
# Not "{", which begins a reference; not "_", of which "_x000D_" is a line break to a spreadsheet.
WORDS = st.one_of(
    st.sampled_from(["=1+1", "+33", "-1", "@x", "01", "1.0", "TRUE", "no", "2024-01-01", "a\nb", '"', "<b>", "شكرا"]),
    st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="{_#"), min_size=1, max_size=8),
).map(lambda text: clean(text).strip()).filter(bool)  # fmt: skip
CODES = st.from_regex(r"[a-z0-9=+-][a-z0-9_-]{0,6}", fullmatch=True)
EXPRESSIONS = st.sampled_from(["", "1 = 1", "${n0} > 3", "selected('a b', 'a')", "concat(\"x\", 'y') != ''", "true()"])


@st.composite
def texts(draw: st.DrawFn, locales: tuple[str, ...], *, least: int = 0) -> LocalisedText:
    """A text in some of the languages."""
    tags = draw(st.lists(st.sampled_from(locales), min_size=least, unique=True))
    return LocalisedText({tag: draw(WORDS) for tag in tags})


@st.composite
def media(draw: st.DrawFn, locales: tuple[str, ...]) -> dict[str, LocalisedText]:
    """Files beside a label; a large picture only where there is a small one."""
    kinds = draw(st.sampled_from([(), (), ("image",), ("audio", "video"), ("image", "big-image")]))
    return {kind: draw(texts(locales, least=1)) for kind in kinds}


@st.composite
def lists(draw: st.DrawFn, locales: tuple[str, ...]) -> tuple[ChoiceList, ...]:
    """Choice lists with further columns."""
    found = []
    for name in draw(st.lists(st.sampled_from(["yes_no", "towns", "1st"]), max_size=3, unique=True)):
        columns = draw(st.lists(st.sampled_from(["region", "size", "colour"]), max_size=2, unique=True))
        choices = tuple(
            Choice(
                name=code,
                label=draw(texts(locales)),
                media=draw(media(locales)),
                attributes={column: draw(WORDS) for column in columns if draw(st.booleans())},
            )
            for code in draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
        )
        found.append(ChoiceList(name=name, choices=choices))
    return tuple(found)


class _Names:
    """Names that are used once; the first, a number, is what expressions speak of."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.count = 0
        self._draw = draw

    def next(self) -> str:
        """Another name."""
        self.count += 1
        return f"{self._draw(st.sampled_from(['q', 'Ville', 'اسم', 'x-y.']))}{self.count}"


@st.composite
def questions(
    draw: st.DrawFn, name: str, path: str, locales: tuple[str, ...], known: tuple[ChoiceList, ...]
) -> Question:
    """A question of any type, with what has a meaning for it."""
    offered = [kind for kind in QuestionType if known or kind not in SELECTS]
    kind = draw(st.sampled_from(offered))
    fixed, answered = kind in SILENT, kind not in SILENT | {QuestionType.NOTE}
    choices = draw(st.sampled_from(known)).name if kind in SELECTS else ""
    filtered = draw(st.sampled_from(["", "", "name != 'x'"])) if choices else ""
    default = draw(st.sampled_from(["", "7", "concat(${n0}, 'x')"]))
    calculation = draw(st.sampled_from(["", "1 + 2", "${n0} * 2"]))
    if kind is QuestionType.CALCULATE:
        calculation = calculation or "now()"
    parameters = {
        **({"randomize": "true", "seed": "${n0}"} if choices and draw(st.booleans()) else {}),
        **({"rows": "3"} if kind is QuestionType.TEXT and draw(st.booleans()) else {}),
        **({"start": "0", "end": "10", "step": "2"} if kind is QuestionType.RANGE else {}),
    }
    return Question(
        id=draw(st.sampled_from([node_id(path), f"own{name.encode().hex()}"[:40]])),
        name=name,
        type=kind,
        label=draw(texts(locales, least=0 if fixed else 1)),
        hint=draw(texts(locales)),
        guidance=draw(texts(locales)),
        media=draw(media(locales)),
        required=draw(EXPRESSIONS) if answered else "",
        required_message=draw(texts(locales)) if answered else LocalisedText(),
        relevant=draw(EXPRESSIONS),
        constraint=draw(EXPRESSIONS) if answered or fixed else "",
        constraint_message=draw(texts(locales)),
        calculation=calculation,
        trigger=draw(st.sampled_from(["", "${n0}"])) if calculation else "",
        default=default,
        read_only=draw(EXPRESSIONS),
        choices=choices,
        choice_filter=filtered,
        or_other=bool(choices) and kind is not QuestionType.RANK and draw(st.booleans()),
        appearance=draw(st.sampled_from([(), ("minimal",), ("w1", "likert")])),
        parameters=parameters,
        theme=draw(st.sampled_from(["", "labour"])),
        concept=draw(st.sampled_from(["", "sex"])),
        sensitive=draw(st.booleans()),
        contact=draw(st.booleans()),
    )


@st.composite
def _children(
    draw: st.DrawFn, names: _Names, above: str, locales: tuple[str, ...], known: tuple[ChoiceList, ...], depth: int
) -> tuple[Node, ...]:
    found: list[Node] = []
    for _ in range(draw(st.integers(0, 3))):
        name = names.next()
        path = f"{above}{name}"
        section = draw(st.sampled_from([None, None, Group, Repeat])) if depth < 3 else None
        if section is None:
            found.append(draw(questions(name, path, locales, known)))
            continue
        own = {"repeat_count": draw(st.sampled_from(["", "3", "${n0}"]))} if section is Repeat else {}
        found.append(
            section(
                id=node_id(path),
                name=name,
                label=draw(texts(locales)),
                hint=draw(texts(locales)),
                guidance=draw(texts(locales)),
                media=draw(media(locales)),
                relevant=draw(EXPRESSIONS),
                appearance=draw(st.sampled_from([(), ("field-list",)])),
                children=draw(_children(names, f"{path}/", locales, known, depth + 1)),
                **own,
            )
        )
    return tuple(found)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """A whole questionnaire."""
    locales = tuple(draw(st.lists(st.sampled_from(LOCALES), min_size=1, max_size=4, unique=True)))
    known = draw(lists(locales))
    first = Question(id=node_id("n0"), name="n0", type=QuestionType.INTEGER, label=LocalisedText({locales[0]: "N"}))
    kept = {"form_id": "survey_1", "version": "2024.1", "style": "pages", "instance_name": "${n0}"}
    return Questionnaire(
        title=draw(texts(LOCALES, least=1)),
        locales=locales,
        children=(first, *draw(_children(_Names(draw), "", locales, known, 0))),
        choice_lists=known,
        settings={name: kept[name] for name in draw(st.lists(st.sampled_from(sorted(kept)), unique=True))},
    )
