"""Entry point for WSGI servers."""

from consult.app import create_app

app = create_app()
