"""Which words does the portal answer with? The four answers, the headline status and the state of a region.

Everything here is computed or chosen by rule (model §2-3, domain §4 and §7); what documents themselves say stands in
`portal.vocabulary`.
"""

from __future__ import annotations

from portal.terms import N_, Term, Vocabulary

# Axis B, keberlakuan (domain 4.2).
VALIDITY = Vocabulary(
    Term("none", N_("No text in force")),
    Term("pending", N_("Not yet effective")),
    Term("in_force", N_("In force")),
    Term("in_force_claimed", N_("Said to be running (no text on file)")),
    Term("ended", N_("No longer in force")),
    Term("unknown", N_("Validity not known")),
)

# Axis C, kegiatan (domain 4.3).
ACTIVITY = Vocabulary(
    Term("not_applicable", N_("Activity not applicable yet")),
    Term("active", N_("Activity on record")),
    Term("none_reported", N_("Stated: no follow-up")),
    Term("no_information", N_("No report on follow-up")),
    Term("dormant", N_("Dormant")),
    Term("halted", N_("Halted midway")),
    Term("completed", N_("Activities completed")),
)

# Axis 3, kabar: the filter values.
NEWS = Vocabulary(
    Term("ada", N_("News in the last 2 years")),
    Term("tanpa", N_("No news")),
    Term("akhir", N_("Already ended")),
    Term("tanpa_tanggal", N_("No dated news on record")),
)

# Axis 4, pelaporan.
REPORTING = Vocabulary(
    Term("never_asked", N_("The region has not been asked yet")),
    Term("waiting", N_("Asked, waiting for an answer")),
    Term("confirmed", N_("Confirmed by the agency")),
    Term("not_answered", N_("Asked, not answered")),
)

# The headline badge (domain 4.4): first rule that fits. `tone` is its look, `glyph` its mark.
STATUSES = Vocabulary(
    Term("planned", N_("Planned"), {"tone": "way", "glyph": "planned"}),
    Term("exploring", N_("Exploring"), {"tone": "way", "glyph": "open"}),
    Term("intent_signed", N_("LoI signed"), {"tone": "way", "glyph": "half"}),
    Term("drafting", N_("Drafting"), {"tone": "way", "glyph": "draft"}),
    Term("awaiting_approval", N_("Awaiting approval"), {"tone": "way", "glyph": "draft"}),
    Term("signed", N_("Signed"), {"tone": "way", "glyph": "full"}),
    Term("in_force", N_("In force or said to be running"), {"tone": "go", "glyph": "full"}),
    Term("in_force_renewed", N_("In force or said to be running (renewed)"), {"tone": "go", "glyph": "full"}),
    Term("no_follow_up", N_("No follow-up"), {"tone": "quiet", "glyph": "half"}),
    Term("completed", N_("Completed"), {"tone": "done", "glyph": "squares"}),
    Term("expired", N_("Term expired"), {"tone": "done", "glyph": "capped"}),
    Term("ended", N_("Ended"), {"tone": "done", "glyph": "capped"}),
    Term("terminated", N_("Stopped"), {"tone": "stop", "glyph": "crossed"}),
    Term("discontinued", N_("Not continued before signing"), {"tone": "stop", "glyph": "crossed_open"}),
    Term("unknown", N_("Status not known"), {"tone": "unk", "glyph": "dotted"}),
)

# What is known of a region (domain 7.1).
COVERAGE = Vocabulary(
    Term("has_records", N_("Cooperation on record")),
    Term("mentioned", N_("Mentioned by a source")),
    Term("declared_none", N_("States there is none")),
    Term("found_none", N_("A source found none")),
    Term("not_reported", N_("Has not reported")),
    Term("no_data", N_("No data")),
    Term("conflicting", N_("Sources conflict about this region")),
)

# Who has to act next. An ended cooperation is with nobody.
HOLDERS = Vocabulary(
    Term("region", N_("The region")),
    Term("council", N_("The regional council (DPRD)")),
    Term("home_ministry", N_("The Ministry of Home Affairs")),
    Term("foreign_ministry", N_("The Ministry of Foreign Affairs")),
    Term("both_parties", N_("Both parties")),
    Term("nobody", N_("Nobody: the cooperation has ended")),
)

# What the newest news is; silence is counted from it.
NEWS_KINDS = Vocabulary(
    Term("follow_up", N_("Follow-up")),
    Term("loi", N_("Signing of the letter of intent")),
    Term("signing", N_("Signing of a text")),
    Term("agreement", N_("Agreement of a kind not stated")),
    Term("start", N_("Start of the cooperation")),
    Term("renewal", N_("Renewal on record")),
    Term("step", N_("Step of the procedure")),
    Term("report", N_("Report of the agency")),
)

# How sure it is which rule applied on the day of signing (domain 2.1).
REGIME_STATES = Vocabulary(
    Term("known", N_("The rule of the day of signing")),
    Term("ambiguous", N_("The date does not tell which of these rules applied")),
    Term("not_signed", N_("Not signed: the rule in force on the day of signing will apply")),
    Term("unknown", N_("The day of signing is not known")),
)

# Not a mark on a record but a question to the listing: is it neither only planned nor unverified?
EXISTING = Term("existing", N_("Verified, not only planned"))
