"""Applications that begin quickly: most tests begin one, and routes and templates are the same for all of them."""

from __future__ import annotations

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from consult.app import Consult, create_app
from consult.config import Keys, Settings
from consult.db.session import Database

_COMPILED = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")
_ROUTES: dict[tuple[object, ...], dict[str, object]] = {}
_TEMPLATES: dict[str, bytes] = {}


class _Route(Rule):
    """Compiled once in a process: what reads and builds addresses knows no application."""

    def compile(self) -> None:
        key = self.rule, self.subdomain, repr(self.defaults), self.merge_slashes
        if key not in _ROUTES:
            super().compile()
            _ROUTES[key] = {name: getattr(self, name) for name in _COMPILED}
        vars(self).update(_ROUTES[key])


class _Compiled(BytecodeCache):
    """Templates, likewise; a key stands for the name and the text."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := _TEMPLATES.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        _TEMPLATES[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


Consult.url_rule_class = _Route


def begun(settings: Settings, keys: Keys, database: Database) -> Flask:
    """The whole application, as `create_app` makes it."""
    app = create_app(settings, keys, database)
    app.jinja_env.bytecode_cache = _Compiled()
    return app
