"""Code lists, and languages by the names that authors of forms give them."""

from __future__ import annotations

import pytest

from consult.core.codes import (
    AGE_GROUPS,
    COUNTRIES,
    GLOBAL_COMPACT_OBJECTIVES,
    LANGUAGES,
    age_group,
    language_tag,
    private_tag,
)


@pytest.mark.parametrize(
    ("label", "tag"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fra", "fr"),
        ("pt_BR", "pt-BR"),
        ("zh-hans", "zh-Hans"),
        ("Français (fr)", "fr"),
        ("français", "fr"),
        ("Francais", "fr"),
        ("English (eng)", "en"),
        ("english\n", "en"),
        ("العربية (ar)", "ar"),
        ("العربية", "ar"),
        ("русский", "ru"),
        ("Русский", "ru"),
        ("Swahili", "sw"),
        ("Kiswahili", "sw"),
        ("Tetun", "tet"),
        ("Oromiffa", "om"),
        ("Tigirigna", "ti"),
        ("Deutsch", "de"),
        ("Anglais", "en"),
        ("Inglés", "en"),
        ("Dari", "prs"),
        ("Kurdish (Sorani)", "ku"),
        ("Dagaare (dga)", "dga"),
        ("Klingon", None),
        ("", None),
        ("image", None),
    ],
)
def test_languages_by_name_and_code(label: str, tag: str | None) -> None:
    assert language_tag(label) == tag


@pytest.mark.parametrize("label", ["Klingon", "Norwegianish dialect", "𐤀𐤁", "!"])
def test_unknown_languages_have_a_tag_of_their_own(label: str) -> None:
    tag = private_tag(label)
    assert tag.startswith("x-")
    assert all(1 <= len(part) <= 8 and part.isascii() and part.isalnum() for part in tag.split("-"))
    assert tag == private_tag(f" {label} ")


def test_the_lists_are_whole_and_without_duplicates() -> None:
    for codes, size in ((COUNTRIES, 249), (GLOBAL_COMPACT_OBJECTIVES, 23), (AGE_GROUPS, 21)):
        assert len(codes) == len(set(codes)) == size
    assert len(LANGUAGES) == len(set(LANGUAGES)) > 183


@pytest.mark.parametrize(("age", "code"), [(0, "Y0T4"), (4, "Y0T4"), (5, "Y5T9"), (99, "Y95T99"), (117, "Y_GE100")])
def test_age_groups(age: int, code: str) -> None:
    assert age_group(age) == code
