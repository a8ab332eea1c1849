"""Every route is in the one permission table, and everything in the table is a route."""

from __future__ import annotations

from consult.accounts.models import Role
from consult.app import create_app
from consult.config import Keys, Settings
from consult.processes.models import Seat
from consult.web.rules import PERMISSIONS


def test_every_route_is_in_the_table_and_nothing_else(settings: Settings, keys: Keys) -> None:
    routes = {rule.endpoint for rule in create_app(settings, keys).url_map.iter_rules()}
    assert routes - set(PERMISSIONS) == set()
    assert set(PERMISSIONS) - routes == set()


def test_rules_name_roles_and_seats_that_exist() -> None:
    assert {role for rule in PERMISSIONS.values() for role in rule.roles} <= set(Role)
    assert {seat for rule in PERMISSIONS.values() for seat in rule.seats} <= set(Seat)


def test_a_route_that_is_not_in_the_table_does_not_exist(settings: Settings, keys: Keys) -> None:
    app = create_app(settings, keys)
    app.add_url_rule("/<locale>/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/en/forgotten").status_code == 404
