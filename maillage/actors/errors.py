"""What may be refused about organisations and the ways to call them."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Invalid


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
