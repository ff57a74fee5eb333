"""What does the server itself cost? A constant page of 20 KB: `python constant.py PORT`."""

from __future__ import annotations

import sys

from flask import Flask
from waitress import serve

app = Flask("constant")
PAGE = "<!doctype html><title>x</title>" + "<p>0123456789</p>" * 1200


@app.get("/")
def index() -> str:
    """The page."""
    return PAGE


if __name__ == "__main__":
    serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=4, ident=None)
