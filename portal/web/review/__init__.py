"""Which pages do moderators decide on? The queue, the review of one proposal, and what they ask for on their own."""

from portal.web.review import acts_page, decisions, queue_page
from portal.web.review.blueprint import acts, pages

__all__ = ["acts", "acts_page", "decisions", "pages", "queue_page"]
