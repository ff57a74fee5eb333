"""How is the sign-in library set up? All its settings in one place, derived from the portal's own."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any

FRESH_FOR = timedelta(minutes=10)
RESET_WITHIN = timedelta(minutes=30)
RECOVERY_CODES = 10
PASSKEY_WITHIN = timedelta(minutes=5)

ADDRESSES = {
    "LOGIN_URL": "/masuk",
    "LOGOUT_URL": "/keluar",
    "RESET_URL": "/masuk/lupa",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/masuk/kode",
    "TWO_FACTOR_SELECT_URL": "/masuk/pilih",
    "TWO_FACTOR_RESCUE_URL": "/masuk/bantuan",
    "MULTI_FACTOR_RECOVERY_URL": "/masuk/kode-cadangan",
    "VERIFY_URL": "/masuk/lagi",
    "TWO_FACTOR_SETUP_URL": "/akun/kode",
    "CHANGE_URL": "/akun/kata-sandi",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/akun/kode-cadangan",
    "WAN_SIGNIN_URL": "/masuk/kunci",
    "WAN_REGISTER_URL": "/akun/kunci",
    "WAN_DELETE_URL": "/akun/kunci/hapus",
}


def _key(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose, made from the secret key of the instance."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def library_settings(secret: str, name: str) -> dict[str, Any]:
    """The settings of the library; ``secret`` is the portal's secret key, ``name`` what authenticator apps show."""
    values: dict[str, Any] = {
        **ADDRESSES,
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_POST_SETUP_VIEW": "account.index",
        "TWO_FACTOR_IMPLEMENTATIONS": {
            "code": "flask_security.twofactor.CodeTfPlugin",
            "webauthn": "portal.web.signing.passkeys.SecondPasskey",
        },
        "WEBAUTHN": True,
        "WAN_RP_NAME": name,
        "WAN_ALLOW_AS_FIRST_FACTOR": False,
        "WAN_ALLOW_AS_MULTI_FACTOR": False,
        "WAN_ALLOW_AS_VERIFY": [],
        "WAN_REGISTER_WITHIN": PASSKEY_WITHIN,
        "WAN_SIGNIN_WITHIN": PASSKEY_WITHIN,
        "WAN_REGISTER_TIMEOUT": int(PASSKEY_WITHIN.total_seconds() * 1000),
        "WAN_SIGNIN_TIMEOUT": int(PASSKEY_WITHIN.total_seconds() * 1000),
        "WAN_NAME_ALLOWED_CHARS": ["L", "M", "N", "P", "Zs"],
        "WAN_POST_REGISTER_VIEW": "security.wan_register",
        "TOTP_SECRETS": {"1": _key(secret, "totp").hex()},
        "TOTP_ISSUER": name,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_CONFIRM_REQUIRED": False,
        "RETURN_GENERIC_RESPONSES": True,
        "RESET_PASSWORD_WITHIN": RESET_WITHIN,
        "FRESHNESS": FRESH_FOR,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        "FRESHNESS_ALLOW_AUTH_TOKEN": False,
        "API_ENABLED_METHODS": ["session"],
        "EMAIL_HTML": False,
        "EMAIL_PLAINTEXT": False,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "LOGOUT_CSRF": True,
        "POST_LOGIN_VIEW": "account.home",
        "POST_LOGOUT_VIEW": "security.login",
        "POST_CHANGE_VIEW": "account.index",
        "POST_VERIFY_VIEW": "account.index",
        "POST_RESET_VIEW": "security.login",
        "JOIN_USER_ROLES": False,
    }
    return {f"SECURITY_{key}": value for key, value in values.items()}
