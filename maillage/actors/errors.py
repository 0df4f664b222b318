"""What may be refused about organisations, the ways to call them and their access tokens."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Forbidden, Invalid, Missing, Unauthorised


class BadSipAddress(Invalid):
    """An address that no videoconference terminal has."""

    code = "bad-sip-address"
    message = gettext_noop("“%(typed)s” is not the address of a videoconference terminal.")
    next_step = gettext_noop("It looks like room@example.org. Leave it empty if they will call by themselves.")


class BadPhoneNumber(Invalid):
    """A number that cannot be called."""

    code = "bad-phone-number"
    message = gettext_noop("“%(typed)s” cannot be called.")
    next_step = gettext_noop("Digits only, as in 02 96 00 00 00. Leave it empty if they will call by themselves.")


class WaysUnreadable(Invalid):
    """A file of ways to call organisations that cannot be right."""

    code = "ways-unreadable"
    message = gettext_noop("The file %(file)s cannot be imported: line %(line)s, %(reason)s.")
    next_step = gettext_noop("Nothing was changed. Correct that line and import the file again.")


class TokenMissing(Unauthorised):
    """Something that only an organisation's own program may read."""

    code = "token-missing"
    message = gettext_noop("This is read with the access token of an organisation.")
    next_step = gettext_noop("Make one on the page of your organisation, then send: Authorization: Bearer …")


class TokenUnknown(Unauthorised):
    """A token that we did not make, cut, or revoked."""

    code = "token-unknown"
    message = gettext_noop("This access token is not one of ours, or it was revoked.")
    next_step = gettext_noop("Copy it whole, or make another one on the page of your organisation.")


class TokenOver(Unauthorised):
    """A token whose time has passed."""

    code = "token-over"
    message = gettext_noop("This access token was valid until %(until)s.")
    next_step = gettext_noop("Make another one on the page of your organisation.")


class TokenTooNarrow(Forbidden):
    """A token that does not allow this."""

    code = "token-too-narrow"
    message = gettext_noop("This access token does not allow it: it lacks “%(scope)s”.")
    next_step = gettext_noop("Make one that does on the page of your organisation.")


class TokenNameTaken(Conflict):
    """Two living tokens of an organisation with one name."""

    code = "token-name-taken"
    message = gettext_noop("There is already a token named “%(name)s”.")
    next_step = gettext_noop("Give this one another name, or revoke the first.")


class TooManyTokens(Conflict):
    """More tokens than anybody watches."""

    code = "too-many-tokens"
    message = gettext_noop("This organisation already has %(most)s tokens in use.")
    next_step = gettext_noop("Revoke one that is no longer used, then make this one.")


class NoSuchToken(Missing):
    """A token that is not this organisation's."""

    code = "no-such-token"
    message = gettext_noop("This organisation has no such token.")
    next_step = gettext_noop("Go back to the page of the organisation: it lists those it has.")


class NotYourOrganisation(Forbidden):
    """An organisation that this person does not run."""

    code = "not-your-organisation"
    message = gettext_noop("The accesses and accounts of this organisation are not yours to see.")
    next_step = gettext_noop("Its programme officer or its coordinator can, or make you one of them.")
