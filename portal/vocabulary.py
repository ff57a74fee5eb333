"""Which fixed words do documents use? Codes, order and labels; every label is a message of the catalogues.

Sources: domain terms of PP 28/2018, UU 23/2014, UU 24/2000, UU 14/2008 and the study papers.
Indonesian words kept as terms: *kabupaten* (regency), *kota* (city), *kabar* (news), *KSDPL/KSDLL* (cooperation
with a foreign local government / a foreign institution, PP 28/2018 art. 1), *BUMD* (regionally owned enterprise),
*DPRD* (regional council).
"""

from __future__ import annotations

from portal.terms import N_, Term, Vocabulary

# Legal form (PP 28/2018 art. 24-25; a retrospective label for older texts).
LEGAL_FORMS = Vocabulary(
    Term("ksdpl_twin_province", N_("KSDPL: sister province")),
    Term("ksdpl_twin_regency_city", N_("KSDPL: sister regency or city")),
    Term("ksdpl_other", N_("KSDPL: other cooperation")),
    Term("ksdll_pass_through", N_("KSDLL: pass-through of a central-government cooperation")),
    Term("ksdll_approval", N_("KSDLL: with central-government approval")),
    Term("programme_participation", N_("Taking part in a central or donor programme")),
    Term("institution_level", N_("Institution level (school, regional enterprise, agency)")),
    Term("unclassified", N_("Not classified yet")),
)

# Cooperation type (the papers' words first, then UU 23/2014 art. 367).
TYPES = Vocabulary(
    Term("sister_city", N_("Sister city or regency")),
    Term("sister_province", N_("Sister province")),
    Term("sister_school", N_("Sister school")),
    Term("technical_cooperation", N_("Technical cooperation")),
    Term("capacity_building", N_("Training and capacity building")),
    Term("goods_support", N_("Support in goods")),
    Term("grant", N_("Grant")),
    Term("apprenticeship", N_("Apprenticeship abroad")),
    Term("programme_assistance", N_("Donor programme")),
    Term("humanitarian", N_("Humanitarian aid")),
    Term("pass_through_loan_grant", N_("Pass-through loan or grant")),
    Term("equity", N_("Equity participation")),
    Term("trade_investment_promotion", N_("Trade, investment and regional promotion")),
    Term("cultural_exchange", N_("Cultural exchange")),
    Term("science_technology", N_("Science and technology")),
    Term("other", N_("Other")),
)

# Sector; `affair` is the urusan pemerintahan of UU 23/2014 art. 12 it hangs on (Permendagri 90/2019 code).
SECTORS = Vocabulary(
    Term("education", N_("education"), {"affair": "1.01"}),
    Term("health", N_("health"), {"affair": "1.02"}),
    Term("water_sanitation", N_("water and sanitation"), {"affair": "1.03"}),
    Term("solid_waste", N_("solid waste"), {"affair": "2.11"}),
    Term("environment_greening", N_("environment and greening"), {"affair": "2.11"}),
    Term("employment", N_("employment and apprenticeship"), {"affair": "2.07"}),
    Term("agriculture", N_("agriculture and seedlings"), {"affair": "3.27"}),
    Term("livestock_dairy", N_("livestock and dairy"), {"affair": "3.27"}),
    Term("fisheries", N_("sea and fisheries"), {"affair": "3.25"}),
    Term("tourism", N_("tourism"), {"affair": "3.26"}),
    Term("culture", N_("culture"), {"affair": "2.22"}),
    Term("trade", N_("trade"), {"affair": "3.30"}),
    Term("industry", N_("industry"), {"affair": "3.31"}),
    Term("investment", N_("investment"), {"affair": "2.18"}),
    Term("youth_sport", N_("youth and sport"), {"affair": "2.19"}),
    Term("civil_service", N_("civil service and governance"), {"affair": ""}),
    Term("infrastructure_spatial", N_("infrastructure and spatial planning"), {"affair": "1.03"}),
    Term("science_technology", N_("science and technology (sector)"), {"affair": ""}),
    Term("disaster", N_("disaster management"), {"affair": "1.05"}),
    Term("other", N_("other sectors"), {"affair": ""}),
)

# Kind of foreign party (PP 28/2018 art. 36 and its explanation; the papers).
FOREIGN_KINDS = Vocabulary(
    Term("foreign_local_government", N_("Foreign local government")),
    Term("foreign_state_agency_subnational", N_("Agency of a foreign state or province")),
    Term("foreign_national_government", N_("Foreign national government")),
    Term("development_partner", N_("Development partner")),
    Term("development_project", N_("Development project")),
    Term("intergovernmental_organisation", N_("Intergovernmental organisation")),
    Term("foreign_nonprofit", N_("Foreign non-profit organisation")),
    Term("foreign_education_institution", N_("Foreign educational institution")),
    Term("foreign_company", N_("Foreign company")),
    Term("country_only", N_("Only the country is named")),
    Term("unknown", N_("Kind of partner not known")),
)

# Kind of local party.
LOCAL_KINDS = Vocabulary(
    Term("regional_government", N_("Regional government")),
    Term("agency", N_("Regional agency")),
    Term("bumd", N_("Regionally owned enterprise")),
    Term("school", N_("School")),
    Term("community_group", N_("Community group")),
    Term("council", N_("Regional council")),
    Term("unknown", N_("Kind of local party not known")),
)

# Role of a party.
PARTY_ROLES = Vocabulary(
    Term("signatory", N_("Signatory")),
    Term("implementer", N_("Implementer")),
    Term("beneficiary", N_("Beneficiary")),
    Term("facilitator", N_("Facilitator")),
    Term("funder", N_("Funder")),
    Term("unknown", N_("Role not stated")),
)

# Kind of text; `binding` tells whether it can be in force (an LoI never is).
INSTRUMENT_KINDS = Vocabulary(
    Term("loi", N_("Letter of intent (LoI)"), {"binding": "0"}),
    Term("mou", N_("Memorandum of understanding (MoU)"), {"binding": "1"}),
    Term("pks", N_("Cooperation agreement (PKS)"), {"binding": "1"}),
    Term("plan_of_action", N_("Plan of action"), {"binding": "0"}),
    Term("work_plan", N_("Cooperation work plan"), {"binding": "0"}),
    Term("record_of_discussion", N_("Record of discussion"), {"binding": "0"}),
    Term("renewal", N_("Renewal"), {"binding": "1"}),
    Term("amendment", N_("Amendment"), {"binding": "1"}),
    Term("addendum", N_("Addendum"), {"binding": "1"}),
    Term("unknown", N_("Text of a kind not stated"), {"binding": "1"}),
)

# The nine procedure milestones, in display order (PP 28/2018 art. 28-33 and the practice before it).
MILESTONES = Vocabulary(
    Term("initiative", N_("Initiative")),
    Term("exploration", N_("Exploration")),
    Term("intent", N_("Letter of intent (LoI)")),
    Term("work_plan", N_("Cooperation plan")),
    Term("dprd_approval", N_("Council (DPRD) approval")),
    Term("verification", N_("Central-government verification")),
    Term("text", N_("Text drafted and negotiated")),
    Term("clearance", N_("Clearance to sign")),
    Term("signed", N_("Signing of the text")),
)

# State of a milestone; absent means unknown.
MILESTONE_STATES = Vocabulary(
    Term("unknown", N_("No record yet")),
    Term("in_progress", N_("In progress")),
    Term("done", N_("Done")),
    Term("not_required", N_("Not required")),
    Term("refused", N_("Refused")),
    Term("lapsed", N_("Lapsed")),
    Term("disputed", N_("Sources disagree on this step")),
)

# How well a milestone or text is proven.
EVIDENCE_LEVELS = Vocabulary(
    Term("documented", N_("Documented")),
    Term("reported", N_("Reported by a source")),
    Term("inferred", N_("Inferred")),
    Term("none", N_("No evidence")),
)

# What an event is to the silence clock; only follow-up stops it.
EVENT_CLASSES = Vocabulary(
    Term("follow_up", N_("Follow-up by the parties")),
    Term("planned", N_("Planned by the parties")),
    Term("observation", N_("Observation by others")),
    Term("request", N_("Request for confirmation")),
)

# Kind of a dated act.
EVENT_KINDS = Vocabulary(
    Term("signing", N_("Signing")),
    Term("visit", N_("Visit")),
    Term("meeting", N_("Meeting")),
    Term("training", N_("Training")),
    Term("activity", N_("Activity")),
    Term("disbursement", N_("Disbursement")),
    Term("renewal", N_("Renewal of the cooperation")),
    Term("report", N_("Report")),
    Term("start", N_("Start")),
    Term("end", N_("End of the cooperation")),
    Term("suspension", N_("Suspension")),
    Term("discontinued", N_("Not continued")),
    Term("study", N_("Study")),
    Term("press", N_("Press report")),
    Term("asked", N_("Asked")),
    Term("answered", N_("Answered")),
    Term("other", N_("Other act")),
)

# Obstacles that sources name (the papers' words, grouped).
OBSTACLES = Vocabulary(
    Term("coordination_vertical", N_("Weak coordination between centre and region")),
    Term("coordination_agencies", N_("Weak coordination between agencies")),
    Term("non_reporting", N_("Agencies do not report")),
    Term("hr_capacity", N_("Limited staff capacity")),
    Term("language_english", N_("Foreign-language skills")),
    Term("negotiation_skill", N_("Lobbying and negotiation skills")),
    Term("legal_drafting", N_("Legal drafting")),
    Term("budget", N_("Cost and budget")),
    Term("cost_benefit_doubt", N_("Doubt whether benefit is worth the cost")),
    Term("priority_elsewhere", N_("Budget priority elsewhere")),
    Term("no_initiative_partner", N_("Little initiative from outside")),
    Term("no_initiative_region", N_("Little initiative from the region")),
    Term("mismatch_characteristics", N_("The two places do not match")),
    Term("rushed_no_study", N_("Rushed, without a study")),
    Term("no_implementation", N_("A text without implementation")),
    Term("long_process", N_("A long process")),
    Term("political_commitment", N_("Commitment of leaders")),
    Term("leadership_change", N_("Change of the regional head")),
    Term("legal_status_unclear", N_("Unclear authority")),
    Term("foreign_representation", N_("Office abroad")),
    Term("unspecified", N_("Obstacles not specified by the source")),
)

# Kind of source.
SOURCE_KINDS = Vocabulary(
    Term("agreement_text", N_("Text of the agreement")),
    Term("gazette", N_("Gazette or regulation")),
    Term("official_page", N_("Official page")),
    Term("agency_statement", N_("Statement of the agency")),
    Term("research", N_("Research")),
    Term("press", N_("Media")),
    Term("list", N_("List or encyclopedia")),
    Term("other_web", N_("Other web page")),
    Term("tip", N_("Tip")),
)

# Grade of a source, best first (model §1).
GRADES = Vocabulary(
    Term("A", N_("A: text or gazette")),
    Term("B", N_("B: official page")),
    Term("C", N_("C: media or research")),
    Term("D", N_("D: statement of the agency without document")),
    Term("E", N_("E: tip or unsigned page")),
)

# Marks on a record, set by people; `stale` and `recomputed` are computed.
FLAGS = Vocabulary(
    Term("disputed", N_("Sources conflict")),
    Term("unverified", N_("Not verified")),
    Term("stale", N_("Old data")),
    Term("recomputed", N_("Changed by the calendar alone")),
    Term("under_clarification", N_("Under clarification")),
)

# Why a value is missing.
MISSING_REASONS = Vocabulary(
    Term("not_stated", N_("not stated by the source")),
    Term("not_applicable", N_("not applicable")),
    Term("withheld", N_("withheld")),
    Term("placeholder", N_("left open in the source")),
    Term("disputed", N_("sources conflict")),
)

# Where a date comes from.
DATE_BASES = Vocabulary(
    Term("stated", N_("stated by the source")),
    Term("computed", N_("computed")),
    Term("inferred", N_("inferred")),
    Term("open", N_("no end stated")),
)

# Yes, no or unknown.
YES_NO = Vocabulary(
    Term("yes", N_("yes")),
    Term("no", N_("no")),
    Term("unknown", N_("not known")),
)

# How much of a text may be shown (UU 14/2008 art. 17-20).
DISCLOSURES = Vocabulary(
    Term("public", N_("Public")),
    Term("public_redacted", N_("Public, parts blacked out")),
    Term("metadata_only", N_("Only its particulars are shown")),
    Term("withheld", N_("Withheld with legal ground")),
)

# Why it ended (UU 24/2000 art. 18; PP 28/2018 art. 9 by analogy).
END_REASONS = Vocabulary(
    Term("expired", N_("the written term has passed")),
    Term("purpose_achieved", N_("purpose achieved")),
    Term("agreed_end", N_("ended by agreement")),
    Term("unilateral_end", N_("ended by one side")),
    Term("breach", N_("terms were breached")),
    Term("superseded", N_("replaced by a new text")),
    Term("policy_change", N_("change of policy")),
    Term("new_norm", N_("new legal rule")),
    Term("object_lost", N_("its object is gone")),
    Term("national_interest", N_("national interest")),
    Term("unknown", N_("reason not known")),
)

# Kind of a statement about a region.
STATEMENT_KINDS = Vocabulary(
    Term("declared_none", N_("The region states there is none")),
    Term("found_none", N_("A source searched and found none")),
    Term("found", N_("A source counted what it found")),
    Term("role", N_("About the role of the office")),
    Term("process", N_("About the process")),
    Term("context", N_("Context")),
    Term("unlisted", N_("Earlier ones are not listed")),
)

# Level of a region.
REGION_LEVELS = Vocabulary(
    Term("province", N_("Province")),
    Term("kabupaten", N_("Regency")),
    Term("kota", N_("City")),
)

# How two records are related.
RELATIONS = Vocabulary(
    Term("possible_same", N_("May be the same")),
    Term("same_partner", N_("Same partner")),
    Term("same_place", N_("Same place abroad")),
    Term("see_also", N_("See also")),
)

# Side of a signatory.
SIDES = Vocabulary(
    Term("local", N_("Indonesian side")),
    Term("foreign", N_("Foreign side")),
)

# The question a statement answers.
AXES = Vocabulary(
    Term("validity", N_("Is it running?")),
    Term("activity", N_("Is there activity?")),
)

# Who says it.
SPEAKERS = Vocabulary(
    Term("source", N_("a source")),
    Term("agency", N_("the agency")),
    Term("partner", N_("the foreign side")),
)

# Who stands behind a revision, by role and office, never by name.
AUTHOR_ROLES = Vocabulary(
    Term("initial_import", N_("Initial import")),
    Term("agency_clerk", N_("Agency")),
    Term("coordinator", N_("Cooperation section")),
    Term("moderator", N_("Moderator")),
    Term("administrator", N_("Administrator")),
)

# What may be declared on each axis; everything else there is computed.
DECLARABLE = {
    "validity": ("in_force_claimed", "ended", "unknown"),
    "activity": ("active", "none_reported", "halted", "completed"),
}
