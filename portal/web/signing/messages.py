"""What does the sign-in library say? Its messages in our words and through our catalogues; it knows no Indonesian."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from portal.terms import N_

NOT_RIGHT = N_("The mail address or the password is not right.")
UNKNOWN_PASSKEY = N_("This passkey does not belong to your account.")

MESSAGES: dict[str, tuple[str, str]] = {
    "API_ERROR": (N_("This cannot be read."), "error"),
    "GENERIC_AUTHN_FAILED": (NOT_RIGHT, "error"),
    "USER_DOES_NOT_EXIST": (NOT_RIGHT, "error"),
    "INVALID_PASSWORD": (N_("The password is not right."), "error"),
    "DISABLED_ACCOUNT": (NOT_RIGHT, "error"),
    "UNAUTHENTICATED": (N_("Please sign in."), "info"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "info"),
    "REAUTHENTICATION_REQUIRED": (N_("Please give your password again before you change this."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on."), "success"),
    "EMAIL_NOT_PROVIDED": (N_("Write your mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("This is not a mail address."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Write the password."), "error"),
    "PASSWORD_IS_THE_SAME": (N_("The new password is the old one. Choose another."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords differ."), "error"),
    "PASSWORD_CHANGE": (N_("Your password is changed. All your other sign-ins were ended."), "success"),
    "PASSWORD_RESET_REQUEST": (
        N_("If an account belongs to this address, a letter with a link is on its way. It is good for 30 minutes."),
        "success",
    ),
    "PASSWORD_RESET_EXPIRED": (N_("This link is too old. Ask for another."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (N_("This link was used already or is not whole. Ask for another."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your password is changed. Sign in with the new one."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (N_("The code is not right, or was used already. Take the next one."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("The authenticator app is set up."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Please begin with your mail address and password."), "info"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("This way is not available here."), "error"),
    "TWO_FACTOR_DISABLED": (N_("The second factor is switched off."), "success"),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is not right, or was used already."), "error"),
    "NO_RECOVERY_CODES_SETUP": (N_("You have no recovery codes yet."), "info"),
    "INVALID_INPUT": (N_("This name has signs that cannot be used. Letters, digits and hyphens can."), "error"),
    "INVALID_INPUT_LENGTH": (N_("This name is too long."), "error"),
    "WEBAUTHN_EXPIRED": (N_("That took too long. Please begin again."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (N_("Give the passkey a name by which you know it again."), "error"),
    "WEBAUTHN_NAME_INUSE": (N_("You have a passkey of this name already."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (N_("You have no passkey of this name."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        N_("This name has signs that cannot be used. Letters, digits and hyphens can."),
        "error",
    ),
    "WEBAUTHN_CREDENTIAL_DELETED": (N_("The passkey is deleted."), "success"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (N_("The passkey is added. You can use it from your next sign-in on."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("This passkey is registered already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_NO_VERIFY": (N_("The passkey could not be verified. Please try again."), "error"),
    "INVALID_REDIRECT": (N_("This address is not part of the site."), "error"),
    "FORGOT_PASSWORD": (N_("Forgot the password?"), "info"),
}
# Said where the next page says it by itself.
UNSAID = frozenset({"TWO_FACTOR_LOGIN_SUCCESSFUL"})


def settings() -> dict[str, Any]:
    """The messages as settings of the library."""
    return {f"SECURITY_MSG_{key}": message for key, message in MESSAGES.items()}


class OurCatalogues:
    """What the library asks for words: our catalogues, in the language of the page."""

    def gettext(self, string: str, **variables: Any) -> str:
        """A message of the library in the language of the page."""
        return gettext(string, **variables)

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """A message with a number; the library counts nothing that we show."""
        variables.setdefault("num", num)
        return gettext(singular if num == 1 else plural, **variables)

    @staticmethod
    def format_list(words: list[str], **_values: Any) -> str:
        """Words one after the other."""
        return ", ".join(words)
