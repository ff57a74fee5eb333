"""Which fixed words does the work at the desk use? Roles, kinds and states of proposals, moves, tips – with labels.

Roles and acts: model §4. States and words of a proposal: ux §7.9, §8. Kinds of tips and their clock: domain 9.3.
"""

from __future__ import annotations

from portal.terms import N_, Term, Vocabulary

# Who works here (the codes are those of `vocabulary.AUTHOR_ROLES`); `second_factor` says that one is compulsory.
ROLES = Vocabulary(
    Term("agency_clerk", N_("Agency clerk"), {"second_factor": "0"}),
    Term("coordinator", N_("Cooperation section (coordinator)"), {"second_factor": "0"}),
    Term("moderator", N_("Moderator"), {"second_factor": "1"}),
    Term("administrator", N_("Administrator"), {"second_factor": "1"}),
)

# What a proposal proposes. `document` is the kind of document it changes, `moderators` how many must agree.
KINDS = Vocabulary(
    Term("new", N_("New cooperation"), {"document": "cooperation", "moderators": "1"}),
    Term("change", N_("The data of this cooperation changed"), {"document": "cooperation", "moderators": "1"}),
    Term("follow_up", N_("There is new follow-up"), {"document": "cooperation", "moderators": "1"}),
    Term("still_running", N_("Still running, nothing changed"), {"document": "cooperation", "moderators": "1"}),
    Term("none", N_("The region states there is none"), {"document": "region", "moderators": "1"}),
    Term("reply", N_("Reply of the region"), {"document": "", "moderators": "1"}),
    Term("withhold", N_("Withhold a text or file"), {"document": "cooperation", "moderators": "2"}),
    Term("withdraw", N_("Withdraw the record"), {"document": "cooperation", "moderators": "2"}),
    Term("merge", N_("Merge with another record"), {"document": "cooperation", "moderators": "1"}),
    Term("restore", N_("Bring back an earlier revision"), {"document": "cooperation", "moderators": "1"}),
)

# Where a proposal is. `tone` is the colour class of its tag, `open` says that somebody still has to act.
STATES = Vocabulary(
    Term("draft", N_("Draft"), {"tone": "unk", "open": "author"}),
    Term("submitted", N_("Sent"), {"tone": "way", "open": "moderator"}),
    Term("endorsed", N_("Supported by the cooperation section"), {"tone": "way", "open": "moderator"}),
    Term("seconding", N_("Waiting for a second moderator"), {"tone": "way", "open": "moderator"}),
    Term("returned", N_("Needs changes"), {"tone": "quiet", "open": "author"}),
    Term("published", N_("Published"), {"tone": "go", "open": ""}),
    Term("partly_published", N_("Partly published"), {"tone": "go", "open": ""}),
    Term("rejected", N_("Rejected"), {"tone": "stop", "open": ""}),
    Term("withdrawn", N_("Taken back"), {"tone": "done", "open": ""}),
)

# What can be done to a proposal.
MOVES = Vocabulary(
    Term("submit", N_("Send proposal")),
    Term("endorse", N_("Support for the region")),
    Term("publish", N_("Publish")),
    Term("publish_part", N_("Publish in part")),
    Term("publish_return", N_("Publish in part, return the rest")),
    Term("agree", N_("Agree, a second moderator decides")),
    Term("return", N_("Ask for changes")),
    Term("reject", N_("Reject all")),
    Term("withdraw", N_("Take back")),
    Term("undo", N_("Undo the publication")),
)

# What a moderator says of one field.
VERDICTS = Vocabulary(
    Term("accept", N_("Accept")),
    Term("amend", N_("Change")),
    Term("return", N_("Return")),
    Term("reject", N_("Reject")),
)

# How grave a finding of the automatic checks is; `block` must be mended before publication.
LEVELS = Vocabulary(
    Term("ok", N_("In order")),
    Term("note", N_("Good to know")),
    Term("warn", N_("Look closely")),
    Term("block", N_("Must be mended")),
)

# What anyone may send in (domain 9.3). `days` is how many working days an answer may take, `reply` who may send it.
TIP_KINDS = Vocabulary(
    Term("correction", N_("Something is wrong or missing"), {"days": "10"}),
    Term("reply", N_("Right of reply of a party"), {"days": "10"}),
    Term("personal_data", N_("Personal data should be removed"), {"days": "3"}),
    Term("objection", N_("Objection to the information service"), {"days": "10"}),
)

# Where a tip is.
TIP_STATES = Vocabulary(
    Term("new", N_("Received"), {"tone": "way", "open": "1"}),
    Term("in_progress", N_("Being looked into"), {"tone": "way", "open": "1"}),
    Term("accepted", N_("Accepted"), {"tone": "go", "open": "0"}),
    Term("partly_accepted", N_("Accepted in part"), {"tone": "go", "open": "0"}),
    Term("refused", N_("Not accepted"), {"tone": "stop", "open": "0"}),
    Term("unusable", N_("Not usable"), {"tone": "done", "open": "0"}),
)
