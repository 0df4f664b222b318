"""What is refused around letters that come back."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Invalid


class BounceRefused(Invalid):
    """A message that is no report about a letter of ours, or not one of a failure for good."""

    code = "bounce-refused"
    message = gettext_noop("This message does not say that one of our letters came back: %(why)s.")
    next_step = gettext_noop("Nothing was changed. Read it as any other message.")


class AddressWrong(Invalid):
    """A corrected address that nobody can be written to."""

    code = "address-wrong"
    message = gettext_noop("This e-mail address is not complete.")
    next_step = gettext_noop("It looks like anne@example.org. The same address again is tried once more.")
