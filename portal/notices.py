"""What do the portal's letters say? One row for each occasion: subject, lines and where to go.

A line whose value is empty is left out. A letter never names a person, and never tells what a draft says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.terms import N_

TO_STAFF = N_("You get this letter because you work with %(site)s. Answers to it are not read: write in the portal.")
TO_SENDER = N_("You get this letter because this address was given to %(site)s. Answers to it are not read.")


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter: its ``lines`` are paragraphs, ``foot`` says why somebody gets it.

    ``path`` is where it leads within the site, with slots; empty where the letter brings its own ``link`` or none.
    """

    subject: str
    lines: tuple[str, ...]
    path: str = ""
    foot: str = TO_STAFF


_ABOUT = N_("Proposal %(receipt)s – %(kind)s: %(about)s. Sent by %(office)s.")
_NOTE = N_("What the moderator (%(by)s) writes:\n\n%(note)s")
_PUBLIC_NOTE = N_("What the public reads about this change:\n\n%(change_note)s")
_NOT_YOU = N_("If this was not you, choose a new password at once and tell your administrator.")
_OWN, _REVIEW, _RECORD = "/usulan/{id}", "/moderasi/{id}", "{page}"

NOTICES: Mapping[str, Notice] = {
    # Proposals: what others must do.
    "support_wanted": Notice(
        N_("Proposal %(receipt)s waits for the support of your region"),
        (_ABOUT, N_("As the cooperation section you can support it. A moderator decides afterwards.")),
        _OWN,
    ),
    "to_decide": Notice(
        N_("Proposal %(receipt)s waits for a moderator"),
        (_ABOUT, N_("Please look at it within three working days.")),
        _REVIEW,
    ),
    "supported_to_decide": Notice(
        N_("Proposal %(receipt)s is supported by its region"),
        (_ABOUT, N_("The cooperation section of the region (%(by)s) supports it. It waits for a moderator.")),
        _REVIEW,
    ),
    "second_wanted": Notice(
        N_("Proposal %(receipt)s waits for a second moderator"),
        (_ABOUT, N_("A first moderator (%(by)s) agrees. Nothing is published before a second one agrees too.")),
        _REVIEW,
    ),
    "taken_back": Notice(
        N_("Proposal %(receipt)s was taken back by its sender"),
        (_ABOUT, N_("Nothing more is to be done about it.")),
        _OWN,
    ),
    # Proposals: what became of them, for the author.
    "supported": Notice(
        N_("Your proposal %(receipt)s is supported by your region"),
        (_ABOUT, N_("The cooperation section (%(by)s) supports it. A moderator decides next.")),
        _OWN,
    ),
    "published": Notice(
        N_("Your proposal %(receipt)s is published"),
        (_ABOUT, N_("It was published by %(by)s."), _PUBLIC_NOTE, _NOTE),
        _RECORD,
    ),
    "partly_published": Notice(
        N_("Your proposal %(receipt)s is published in part"),
        (_ABOUT, N_("Part of it was published by %(by)s; the rest was not accepted."), _PUBLIC_NOTE, _NOTE),
        _OWN,
    ),
    "published_and_returned": Notice(
        N_("Your proposal %(receipt)s is published in part; the rest needs changes"),
        (_ABOUT, N_("What was accepted is published. Please mend the rest and send it again."), _PUBLIC_NOTE, _NOTE),
        _OWN,
    ),
    "returned": Notice(
        N_("Your proposal %(receipt)s needs changes"),
        (_ABOUT, N_("Nothing you typed is lost. Please mend what the moderator asks for and send it again."), _NOTE),
        _OWN,
    ),
    "rejected": Notice(
        N_("Your proposal %(receipt)s was not accepted"),
        (_ABOUT, N_("The published record stays as it is."), _NOTE),
        _OWN,
    ),
    "undone": Notice(
        N_("The publication of your proposal %(receipt)s was undone"),
        (_ABOUT, N_("The moderator (%(by)s) took the publication back. The proposal waits for a decision again.")),
        _OWN,
    ),
    "agreed_once": Notice(
        N_("Your proposal %(receipt)s waits for a second moderator"),
        (_ABOUT, N_("A first moderator (%(by)s) agrees. Nothing is published before a second one agrees too.")),
        _OWN,
    ),
    # Proposals: what became of them, for the one who supported them.
    "supported_published": Notice(
        N_("Proposal %(receipt)s that you supported is published"), (_ABOUT, _PUBLIC_NOTE), _RECORD
    ),
    "supported_partly_published": Notice(
        N_("Proposal %(receipt)s that you supported is published in part"), (_ABOUT, _PUBLIC_NOTE), _RECORD
    ),
    "supported_returned": Notice(
        N_("Proposal %(receipt)s that you supported needs changes"),
        (_ABOUT, N_("It went back to its sender, who may send it again.")),
        _OWN,
    ),
    "supported_rejected": Notice(
        N_("Proposal %(receipt)s that you supported was not accepted"),
        (_ABOUT, N_("The published record stays as it is.")),
        _OWN,
    ),
    "supported_undone": Notice(
        N_("The publication of proposal %(receipt)s that you supported was undone"),
        (_ABOUT, N_("The moderator (%(by)s) took the publication back. The proposal waits for a decision again.")),
        _OWN,
    ),
    # What becomes of a record while others still propose something for it.
    "record_gone": Notice(
        N_("The record of your proposal %(receipt)s does not stand any more"),
        (
            N_("Proposal %(receipt)s – %(kind)s: %(about)s."),
            N_("The record was withdrawn or merged into another one (%(by)s)."),
            _PUBLIC_NOTE,
            N_("What you propose cannot be published for it any more. You can take the proposal back."),
        ),
        _OWN,
    ),
    # What is withheld; ``receipt`` is the number of the record.
    "review_due": Notice(
        N_("Something withheld in %(receipt)s is to be looked at again"),
        (
            N_("In %(receipt)s (%(about)s) a text or file is withheld until it is looked at again on %(day)s."),
            N_(
                "Please see whether the legal ground still applies. If it does, ask for a new day on this page; if not,"
                " ask there to bring the earlier revision back:"
            ),
        ),
        "/moderasi/tindakan/{receipt}",
    ),
    # Talk, and drafts that nobody touches.
    "message_to_author": Notice(
        N_("New message about your proposal %(receipt)s"), (_ABOUT, N_("%(by)s writes:\n\n%(note)s")), _OWN
    ),
    "message_to_desk": Notice(
        N_("New message about proposal %(receipt)s"), (_ABOUT, N_("Its sender wrote a message. Please read it.")), _OWN
    ),
    "draft_expires": Notice(
        N_("Your draft %(receipt)s will be closed soon"),
        (
            N_("Draft %(receipt)s – %(kind)s: %(about)s."),
            N_("Nobody has changed it for 75 days. It is closed on %(day)s, unless you save or send it before."),
        ),
        "/usulan/{id}/ubah",
    ),
    # Tips and corrections.
    "tip_received": Notice(
        N_("Your message %(receipt)s has arrived"),
        (
            N_("Thank you. Your message has the code %(receipt)s. With it you can see what becomes of it."),
            N_("We answer by %(day)s."),
            N_("This address is used for nothing else and is deleted once our answer was sent."),
        ),
        "/koreksi/{receipt}",
        TO_SENDER,
    ),
    "tip_answered": Notice(
        N_("The answer to your message %(receipt)s"),
        (
            N_("Result: %(state)s."),
            N_("Our answer:\n\n%(note)s"),
            N_("This address is deleted at our side once this letter is sent."),
        ),
        "/koreksi/{receipt}",
        TO_SENDER,
    ),
    "tip_extended": Notice(
        N_("The answer to your message %(receipt)s takes longer"),
        (N_("We answer by %(day)s."), N_("The reason:\n\n%(note)s")),
        "/koreksi/{receipt}",
        TO_SENDER,
    ),
    "tips_new": Notice(
        N_("New messages from the public are waiting"),
        (N_("Somebody sent a correction or another message. You get this letter at most once a day."),),
        "/moderasi/kiriman",
    ),
    "tips_overdue": Notice(
        N_("Messages from the public are past their promised day"),
        (N_("Messages without an answer in time: %(num)s."), N_("Please answer them first.")),
        "/moderasi/kiriman",
    ),
    # Accounts. `link` and `hours` are given by whoever writes the letter.
    "invitation": Notice(
        N_("Invitation to work with %(site)s"),
        (
            N_("%(office)s may now work with %(site)s, the public register of regional foreign cooperation."),
            N_("Your role: %(role)s."),
            N_("Open this link to choose your password. It works once, and for %(hours)s hours:\n\n%(link)s"),
            N_("If you did not expect this, do nothing: without the link no account is made."),
        ),
        foot=TO_SENDER,
    ),
    "reset": Notice(
        N_("New password for %(site)s"),
        (
            N_("Somebody asked for a new password for this address."),
            N_("Open this link to choose it. It works once, and for %(minutes)s minutes:\n\n%(link)s"),
            N_("If this was not you, do nothing: your password stays as it is."),
        ),
    ),
    "reset_without_account": Notice(
        N_("New password for %(site)s"),
        (
            N_("Somebody asked for a new password for this address."),
            N_("No account at %(site)s belongs to it. If you work for an agency, ask your coordinator to invite you."),
        ),
        foot=TO_SENDER,
    ),
    "new_device": Notice(
        N_("Sign-in from a device that is new"),
        (N_("Your account was signed in to on %(time)s, with %(agent)s."), _NOT_YOU),
        "/akun",
    ),
    "password_changed": Notice(
        N_("Your password was changed"),
        (N_("The password of your account was changed on %(time)s. All other sessions were ended."), _NOT_YOU),
        "/akun",
    ),
    "second_factor_changed": Notice(
        N_("Your second factor was changed"),
        (N_("The second factor of your account was changed on %(time)s."), _NOT_YOU),
        "/akun",
    ),
    "recovery_code_used": Notice(
        N_("A recovery code was used"),
        (N_("Your account was signed in to on %(time)s with a recovery code."), _NOT_YOU),
        "/akun",
    ),
    "mail_changed": Notice(
        N_("The mail address of your account was changed"),
        (N_("Letters go to another address from now on. This is the last one to this address."), _NOT_YOU),
    ),
    "role_changed": Notice(
        N_("Your role was changed"),
        (N_("Your role is now: %(role)s."), N_("All your sessions were ended; please sign in again.")),
        "/akun",
    ),
    "account_closed": Notice(
        N_("Your account was switched off"),
        (N_("An administrator switched your account off. What you sent stays in the register."),),
    ),
    "account_opened": Notice(
        N_("Your account was switched on again"),
        (N_("An administrator switched your account on again. It signs in with the password it had."),),
        "/masuk",
    ),
    "account_made": Notice(
        N_("Your account at %(site)s is ready"),
        (
            N_("The invitation to this address was used, and an account was made with it."),
            N_("If this was not you, tell your administrator at once."),
        ),
        "/masuk",
    ),
    "invitation_known": Notice(
        N_("Invitation to %(site)s"),
        (
            N_("Somebody invited you to %(site)s, but an account belongs to this address already. Please sign in."),
            N_("If you should have another role or office, ask your administrator."),
        ),
        "/masuk",
    ),
}
