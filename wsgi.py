"""What does a WSGI server import? `gunicorn -c python:portal.workers wsgi:app`."""

from portal import create_app

app = create_app()
