"""How is the sign-in library joined to the portal? Its views under both languages, its session in our table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.views import _create_blueprint

from portal import config
from portal.extensions import csrf, db
from portal.models import Account, Passkey
from portal.web.signing import forms, messages, passkeys, sessions, showing
from portal.web.signing.factors import HashedCodes, OnceTotp
from portal.web.signing.settings import library_settings
from portal.web.signing.words import OurPasswords, Outbox

# Views of the library that no page of ours leads to.
UNUSED = frozenset({"two_factor_setup_validate", "tf_select"})
FORMS = {
    "login_form": forms.SignInForm,
    "verify_form": forms.AgainForm,
    "forgot_password_form": forms.ForgotForm,
    "reset_password_form": forms.NewPasswordForm,
    "change_password_form": forms.ChangeForm,
    "two_factor_setup_form": forms.SetupForm,
    "two_factor_rescue_form": forms.RescueForm,
    "two_factor_verify_code_form": forms.CodeForm,
    "mf_recovery_form": forms.RecoveryForm,
    **passkeys.FORMS,
}


class BothLanguages(BlueprintSetupState):
    """Each address of the library twice: as it is, and after the code of another language."""

    def add_url_rule(self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any) -> None:
        """Route a view of the library in every language."""
        if endpoint in UNUSED:
            return
        if endpoint == "two_factor_rescue":  # the library asks for its address, and would mail an administrator
            view_func, options["methods"] = _to_recovery, ["GET"]
        first = {**options.pop("defaults", {}), "language": config.FIRST_LOCALE}
        super().add_url_rule(rule, endpoint, view_func, defaults=first, **options)
        super().add_url_rule("/<other_language:language>" + rule, endpoint, view_func, **options)


def _to_recovery() -> ResponseReturnValue:
    return redirect(url_for("security.mf_recovery"), 303)


def _forms_only() -> None:
    """Our pages send forms; the library would read JSON too, and stumble over values that are no texts."""
    if request.is_json:
        abort(415)


def register(app: Flask) -> None:
    """Give the application its sign-in."""
    app.config.update(library_settings(app.config["SECRET_KEY"], app.config["SITE_NAME"]))
    app.config.update(messages.settings())
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session; a form may lie open over lunch
    csrf.init_app(app)
    sessions.prepare(app)
    security = Security(
        mail_util_cls=Outbox, password_util_cls=OurPasswords, totp_cls=OnceTotp, mf_recovery_codes_util_cls=HashedCodes,
        webauthn_util_cls=passkeys.OurPasskeys, render_template=showing.show,  # type: ignore[arg-type]
    )  # fmt: skip
    store = SQLAlchemyUserDatastore(db, Account, None, Passkey)  # type: ignore[arg-type]
    security.init_app(app, store, register_blueprint=False, **FORMS)
    security.i18n_domain = messages.OurCatalogues()  # type: ignore[assignment]
    security.want_json(lambda _request: False)
    security.wan_register_context_processor(passkeys.listed)
    security.wan_signin_context_processor(passkeys.asked)
    security.tf_token_validation_context_processor(passkeys.offered)
    sessions.take_over(app, security)
    app.register_blueprint(_blueprint(app, security))


def _blueprint(app: Flask, security: Security) -> Blueprint:
    pages: Blueprint = _create_blueprint(app, security, __name__)
    security.two_factor_plugins.create_blueprint(app, pages, security)
    pages.make_setup_state = (  # type: ignore[method-assign]
        lambda app, options, first_registration=False: BothLanguages(pages, app, options, first_registration)
    )
    pages.before_request(_forms_only)
    pages.before_request(passkeys.before)
    pages.after_request(showing.lead_on)
    pages.context_processor(showing.words)
    return pages
