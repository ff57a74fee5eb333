"""How do people sign in? The sign-in library at our addresses, in our languages, with sign-ins kept by the server."""

from __future__ import annotations

from portal.web.signing.joining import register

__all__ = ["register"]
