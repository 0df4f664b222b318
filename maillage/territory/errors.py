"""What may be refused about places."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Invalid


class UnknownCommune(Invalid):
    """No commune has that name, postcode or code."""

    code = "unknown-commune"
    message = gettext_noop("We know no commune called “%(text)s”.")
    next_step = gettext_noop("Check how it is written, or give its postcode.")


class AmbiguousCommune(Invalid):
    """Several communes have that name. `choices` lists them as they may be typed, `insee` their codes."""

    code = "ambiguous-commune"
    message = gettext_noop("Several communes are called “%(text)s”: %(choices)s.")
    next_step = gettext_noop("Add the postcode after the name, as in Callac (22160).")


class UnreadableFile(Invalid):
    """A file to import that has not the columns it should."""

    code = "unreadable-file"
    message = gettext_noop("The file %(file)s cannot be imported: %(reason)s.")
    next_step = gettext_noop("Nothing was changed. Compare it with the files in demo/ and import it again.")
