"""What an imported form consists of, in numbers."""

from __future__ import annotations

import msgspec

from consult.core.questionnaire.definition import Group, Question, Questionnaire, Repeat


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of a form. Columns such as `relevant` count the nodes that have something there."""

    title: str
    languages: list[str]
    questions: int
    choices: int
    groups: int
    repeats: int
    relevant: int
    constraint: int
    calculation: int
    choice_filter: int
    required: int
    labels: dict[str, int]
    """Per language, the questions, groups and repeats that have a label in it."""

    def to_json(self) -> dict[str, object]:
        """The counts as plain values, as `consult xlsform check` prints them."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


def summarise(questionnaire: Questionnaire) -> Summary:
    """The summary of a questionnaire."""
    nodes = [node for node, _ in questionnaire.walk()]
    questions = [node for node in nodes if isinstance(node, Question)]
    return Summary(
        title=questionnaire.title.resolve(questionnaire.source, questionnaire.source).text,
        languages=list(questionnaire.locales),
        questions=len(questions),
        choices=sum(len(choices.choices) for choices in questionnaire.choice_lists),
        groups=sum(isinstance(node, Group) for node in nodes),
        repeats=sum(isinstance(node, Repeat) for node in nodes),
        relevant=sum(bool(node.relevant) for node in nodes),
        constraint=sum(bool(question.constraint) for question in questions),
        calculation=sum(bool(question.calculation) for question in questions),
        choice_filter=sum(bool(question.choice_filter) for question in questions),
        required=sum(bool(question.required) for question in questions),
        labels={locale: sum(locale in node.label for node in nodes) for locale in questionnaire.locales},
    )
