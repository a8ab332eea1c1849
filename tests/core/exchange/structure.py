"""What pyxform, the reference implementation, finds in a workbook, made comparable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from consult.core.codes import language_tag, private_tag
from consult.core.exchange.xlsform.kinds import Role, read_kind
from consult.core.text import clean

_ALIASES = {
    **dict.fromkeys(("string", "phone number"), "text"),
    **dict.fromkeys(("dateTime", "date time"), "datetime"),
    "int": "integer",
    "photo": "image",
    "trigger": "acknowledge",
    "select all that apply": "select_multiple",
    "select one": "select_one",
    "select1": "select_one",
    "select one external": "select_one",
}
_BINDS = ("relevant", "constraint", "calculate", "required", "readonly")
_GENERATED = re.compile(r"generated_(?:note_name|table_list_label)_|reserved_name_for_field_list_labels_")
Texts = dict[str, str]


def converts(data: bytes) -> None:
    """Let the reference make an XForm of a workbook; it raises where it refuses."""
    convert(data)


def structure(data: bytes) -> dict[str, Any]:
    """Everything by path, in order: type, list, expressions, appearance, parameters and texts per language."""
    form = workbook_to_json(get_xlsform(data))
    default = _tag(form["default_language"], "en")
    nodes = dict(_nodes(form["children"], "", default))
    return {"title": form.get("title"), "nodes": nodes, "lists": _lists(form.get("choices", {}), default)}


def _nodes(children: list[dict[str, Any]], above: str, default: str) -> Iterator[tuple[str, dict[str, Any]]]:
    notes = 0
    for child in children:
        name = child["name"]
        if _GENERATED.match(name):
            notes += 1
            name = f"generated {notes}"
        if child["type"] in ("group", "repeat"):
            yield f"{above}{name}", {**_node(child, default), "type": child["type"]}
            yield from _nodes(child["children"], f"{above}{name}/", default)
        elif not left_out(child["type"]):
            yield f"{above}{name}", _node(child, default)


def left_out(kind: str) -> bool:
    """Whether a type is one that is not kept here: told on import, and in docs/xlsform.md."""
    return read_kind(kind).role in (Role.TRACE, Role.NO_PLACE) and kind != "meta"


def _node(child: Mapping[str, Any], default: str) -> dict[str, Any]:
    bind, control = child.get("bind", {}), child.get("control", {})
    found: dict[str, Any] = {"type": _ALIASES.get(child["type"], child["type"])}
    found |= {name: _expression(bind[name]) for name in _BINDS if name in bind}
    found |= {name: control[name] for name in ("appearance", "jr:count") if name in control}
    found |= {name: child[name] for name in ("itemset", "choice_filter", "trigger", "default") if child.get(name)}
    found["parameters"] = (
        {str(name): str(value) for name, value in (child.get("parameters") or {}).items()}
        if (isinstance(child.get("parameters"), dict))
        else {}
    )
    texts = {name: child.get(name) for name in ("label", "hint", "guidance_hint")}
    texts |= {name: bind.get(name) for name in ("jr:constraintMsg", "jr:requiredMsg")}
    texts |= dict(child.get("media") or {})
    found["texts"] = {name: _texts(text, default) for name, text in texts.items() if text}
    return {name: value for name, value in found.items() if value not in ("", "false()", {}, None)}


def _lists(lists: Mapping[str, list[dict[str, Any]]], default: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name, choices in lists.items():
        found[name] = []
        for choice in choices:
            texts = {"label": choice.get("label"), **(choice.get("media") or {})}
            columns = {key: value for key, value in choice.items() if key not in ("label", "media") and value}
            found[name].append({**columns, **{key: _texts(text, default) for key, text in texts.items() if text}})
    return found


def _expression(text: str) -> str:
    return {"yes": "true()", "true": "true()", "no": "", "false": "", "false()": ""}.get(text.strip().lower(), text)


def _texts(text: str | Texts, default: str) -> Texts:
    """A text per language; one without a language is in the form's own."""
    found = text if isinstance(text, dict) else {"default": text}
    return {_tag(language, default): " ".join(clean(words).split()) for language, words in found.items()}


def _tag(language: str, default: str) -> str:
    return default if language == "default" else language_tag(language) or private_tag(language)
