"""What does a WSGI server import? `gunicorn wsgi:app`."""

from portal import create_app

app = create_app()
