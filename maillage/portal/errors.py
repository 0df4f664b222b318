"""What may be refused on the pages that belong to no other app."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Invalid


class ReachUnreadable(Invalid):
    """Neither an e-mail address nor a telephone number."""

    code = "reach-unreadable"
    message = gettext_noop("This is neither an e-mail address nor a telephone number.")
    next_step = gettext_noop("Type the one that you gave when you booked, as anne@example.org.")
