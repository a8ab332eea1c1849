"""The starter sets are complete: in number, in six languages, in what they are aligned with."""

from __future__ import annotations

import pytest

from consult.core.policy.themes import STARTER_SETS, StarterSet

LOCALES = ("en", "fr", "ar", "es", "pt", "ru")


@pytest.mark.parametrize(
    ("code", "themes"), [("global_compact", 23), ("migration_management", 9), ("capacity_levels", 3)]
)
def test_a_set_has_all_its_themes_once(code: str, themes: int) -> None:
    codes = [theme.code for theme in STARTER_SETS[code].themes]
    assert len(codes) == len(set(codes)) == themes


@pytest.mark.parametrize("starter", STARTER_SETS.values(), ids=lambda starter: starter.code)
def test_every_label_is_there_in_six_languages_and_no_two_are_equal(starter: StarterSet) -> None:
    labels = [theme.label for theme in starter.themes]
    assert [text.missing(LOCALES) for text in (starter.label, *labels)] == [[]] * (len(labels) + 1)
    for locale in LOCALES:
        assert len({label[locale] for label in labels}) == len(labels)


@pytest.mark.parametrize("code", ["global_compact", "migration_management"])
def test_all_objectives_of_the_global_compact_are_covered(code: str) -> None:
    assert {number for theme in STARTER_SETS[code].themes for number in theme.objectives} == set(range(1, 24))


def test_each_theme_of_the_global_compact_is_its_own_objective() -> None:
    assert [theme.objectives for theme in STARTER_SETS["global_compact"].themes] == [
        (number,) for number in range(1, 24)
    ]
