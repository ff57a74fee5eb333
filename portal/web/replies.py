"""What does the region itself say beside a record or a page about it? Its replies, word for word, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from portal import dates
from portal.record import Document
from portal.web import formatting
from portal.web.voice import Voice


def told(replies: Iterable[Document], voice: Voice) -> list[dict[str, Any]]:
    """Replies as `components/evidence.html` draws them; one that stands only in Indonesian is marked as such."""
    newest = sorted(replies, key=lambda one: dates.earliest(one["date"]), reverse=True)
    return [
        {
            "text": _text(one["text"], voice),
            "by": one["office"],
            "date": {"value": one["date"], "text": formatting.written(one["date"])},
        }
        for one in newest
    ]


def _text(words: Mapping[str, str], voice: Voice) -> Markup | str:
    """The reply with its line breaks, in the reader's language where there is one."""
    own = words.get(voice.language)
    return formatting.lines(own) if own else voice.indonesian(formatting.lines(words["id"]))
