"""Which sentences are there? The messages that tell a record, by what is known of it (ux §3.7)."""

from __future__ import annotations

from collections.abc import Mapping

from portal.terms import N_

# What the cooperation is about, inside a sentence; (type, level of the region) goes before the type alone.
FORMS: Mapping[tuple[str, str] | str, str] = {
    ("sister_city", "kabupaten"): N_("a sister-regency relation"),
    "sister_city": N_("a sister-city relation"),
    "sister_province": N_("a sister-province relation"),
    "sister_school": N_("a sister-school relation"),
    "technical_cooperation": N_("technical cooperation"),
    "capacity_building": N_("training and capacity building"),
    "goods_support": N_("support in goods"),
    "grant": N_("a grant"),
    "apprenticeship": N_("apprenticeships abroad"),
    "programme_assistance": N_("a donor programme"),
    "humanitarian": N_("humanitarian aid"),
    "pass_through_loan_grant": N_("a pass-through loan or grant"),
    "equity": N_("equity participation"),
    "trade_investment_promotion": N_("trade and investment promotion"),
    "cultural_exchange": N_("cultural exchange"),
    "science_technology": N_("work in science and technology"),
    "other": N_("cooperation"),
}

LOI = N_(
    "%(party)s and %(partner)s signed a **letter of intent (LoI)** for %(form)s{ %(when)s}{, covering %(fields)s}."
)
AGREED = N_("%(party)s and %(partner)s signed **an agreement** on %(form)s{ %(when)s}{, covering %(fields)s}.")
OFFICIAL = N_("According to %(teller)s, %(party)s has **officially worked** with %(partner)s{ since %(step)s}.")
TOLD = N_("%(teller)s tells of an agreement of %(party)s with %(partner)s on %(form)s{ %(when)s}.")
SILENCE = N_("Since then, **no follow-up has been recorded**.")
NOTHING = N_("**No follow-up has been recorded** yet.")
STATED = N_("%(stater)s says that there was **no follow-up**.")
STATED_TOO = N_("The same source says that there was **no follow-up**.")
NEWER = N_("Newer report: %(newer)s.")
NEWS = N_("**Latest news %(news)s**{: %(event)s}.")
UNVERIFIED = N_("This is not verified yet.")
DISPUTED = N_("(the sources conflict)")
RUNNING = N_("%(party)s has worked with %(partner)s{ on %(fields)s}{ since %(start)s}.")
UNTIL = N_("The written term **runs until %(end)s**.")
SAID = N_(
    "{As of %(as_of)s, }%(party)s **was said to be working** with %(partner)s{ on %(fields)s}{ since %(start)s};"
    " the text is not on file."
)
TERM = N_(
    "The cooperation{ on %(fields)s} of %(party)s with %(partner)s was planned{ for %(length)s} from %(start)s and"
    " **ended %(ended)s**; no final report is recorded."
)
TERM_END = N_(
    "The written term of the cooperation{ on %(fields)s} of %(party)s with %(partner)s **ended %(ended)s**;"
    " no final report is recorded."
)
TERM_PASSED = N_(
    "The cooperation{ on %(fields)s} of %(party)s with %(partner)s was planned{ for %(length)s} from %(start)s; that"
    " written term **passed %(ended)s** (%(basis)s). No renewal is recorded yet."
)
TERM_OVER = N_("The written term of the cooperation{ on %(fields)s} of %(party)s with %(partner)s **has ended**.")
MENTION = N_("%(teller)s mentions %(form)s of %(party)s with %(partner)s, **without date or document**.")
MENTIONS = N_("%(tellers)s mention %(form)s of %(party)s with %(partner)s, **without date or document**.")
DATED_MENTION = N_(
    "%(teller)s mentions %(form)s of %(party)s with %(partner)s{ since %(start)s}, **without a document**."
)
DATED_MENTIONS = N_(
    "%(tellers)s mention %(form)s of %(party)s with %(partner)s{ since %(start)s}, **without a document**."
)

OPENINGS: Mapping[str, str] = {
    "planned": N_(
        "{For %(planned)s, }%(party)s **planned to explore** %(form)s with %(partner)s. What followed is not recorded."
    ),
    "exploring": N_(
        "%(party)s and %(partner)s were **exploring** %(form)s{, covering %(fields)s}{, as of %(as_of)s}."
        " No text is recorded."
    ),
    "intent_signed": LOI,
    "drafting": N_(
        "A text on %(form)s between %(party)s and %(partner)s **was being drafted**{, as of %(as_of)s}."
        " Its signing is not recorded."
    ),
    "awaiting_approval": N_(
        "A text on %(form)s between %(party)s and %(partner)s **was awaiting approval**{, as of %(as_of)s}."
        " Its signing is not recorded."
    ),
    "completed": N_("The cooperation{ on %(fields)s} of %(party)s with %(partner)s **was completed**{ %(ended)s}."),
    "ended": N_("The cooperation{ on %(fields)s} of %(party)s with %(partner)s **ended**{ %(ended)s}{: %(reason)s}."),
    "terminated": N_(
        "The cooperation{ on %(fields)s} of %(party)s with %(partner)s **was stopped**{ %(ended)s}{: %(reason)s}."
    ),
    "discontinued": N_(
        "The plan of %(party)s for %(form)s with %(partner)s **was not continued** before signing{ %(ended)s}."
    ),
}
