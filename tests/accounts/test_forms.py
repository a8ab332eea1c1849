"""The base of every form: cleaned text, texts in several locales, our own words."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from consult.core.text import LocalisedText
from consult.web.fields import LocalisedField, StaffForm


class Form(StaffForm):
    class Meta(StaffForm.Meta):
        csrf = False

    title = LocalisedField("Title", [InputRequired()], longest=10)
    line = StringField("Line", [Length(max=20)])
    text = TextAreaField("Text")
    password = PasswordField("Password")
    number = IntegerField("Number")


def filled(app: Flask, stored: LocalisedText | None = None, **data: str) -> Form:
    with app.test_request_context("/en/"):
        data = {name.replace("__", "-"): value for name, value in data.items()}
        form = Form(formdata=MultiDict(data), data={"title": stored or LocalisedText()}, locales=["en", "ar"])
        form.validate()
        return form


@pytest.fixture
def app(settings, keys, sqlite) -> Flask:
    from consult.app import create_app

    return create_app(settings, keys, sqlite)


def test_lines_are_cleaned_texts_keep_their_breaks_passwords_stay(app: Flask) -> None:
    form = filled(app, line=" a\r\nb\u202e ", text=" a\r\nb\u200b ", password=" a\u200b ")
    assert (form.line.data, form.text.data, form.password.data) == ("a b", "a\nb", " a\u200b ")


def test_a_text_is_edited_in_the_locales_of_the_form_and_keeps_the_others(app: Flask) -> None:
    form = filled(app, LocalisedText({"en": "old", "sw": "kept", "ar": "قديم"}), title__en=" new ", title__ar="")
    assert form.title.data == LocalisedText({"en": "new", "sw": "kept"})
    assert [(part.name, part.locale.direction, part.data) for part in form.title] == [
        ("title-en", "ltr", "new"),
        ("title-ar", "rtl", ""),
    ]


def test_what_is_not_sent_stays(app: Flask) -> None:
    assert filled(app, LocalisedText({"ar": "نص"}), title__en="x").title.data["ar"] == "نص"


def test_the_source_locale_is_required_and_the_error_stands_there(app: Flask) -> None:
    form = filled(app, title__en=" ", title__ar="نص")
    assert [part.errors for part in form.title] == [["Fill this in."], []]


def test_each_locale_has_its_own_limit(app: Flask) -> None:
    form = filled(app, title__en="short", title__ar="x" * 11)
    assert [part.errors for part in form.title] == [[], ["Write at most 10 characters."]]
    assert not form.validate()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("number", "x", "Write a whole number, for example 12."),
        ("line", "x" * 21, "Write at most 20 characters."),
    ],
)
def test_errors_are_said_in_our_words(app: Flask, field: str, value: str, words: str) -> None:
    assert filled(app, title__en="x", **{field: value})[field].errors == [words]
