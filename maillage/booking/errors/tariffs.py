"""What may be refused about tariffs, packages, receipts."""

from django.utils.translation import gettext_noop

from maillage.core.errors import Conflict, Invalid, Missing


class TariffNegative(Invalid):
    """A price below zero."""

    code = "tariff-negative"
    message = gettext_noop("A price cannot be below zero: %(label)s.")
    next_step = gettext_noop("Enter 0 for what is free.")


class TariffAbsurd(Invalid):
    """A price that nobody asks for a room: most likely cents typed for euros."""

    code = "tariff-absurd"
    message = gettext_noop("%(label)s: this price is more than %(most_euros)s euros.")
    next_step = gettext_noop("Check the amount: it is in euros, for one room.")


class TariffIncoherent(Invalid):
    """A longer unit costs less than a shorter one, or practice asks more than the written price."""

    code = "tariff-incoherent"
    message = gettext_noop("These prices contradict each other: %(label)s.")
    next_step = gettext_noop("Check the two amounts: a longer time never costs less, and practice never asks more.")


class TariffAmbiguous(Invalid):
    """Two prices for the same people and the same time."""

    code = "tariff-ambiguous"
    message = gettext_noop("There are two prices for the same people and the same time: %(label)s.")
    next_step = gettext_noop("Keep one of the two.")


class TariffChanged(Conflict):
    """Somebody else changed the tariff of the same place since it was shown."""

    code = "tariff-changed"
    message = gettext_noop("Somebody else changed these prices meanwhile. Yours are not saved yet.")
    next_step = gettext_noop("Read again what visitors will see, then save: yours replace theirs.")


class AccountsPeriodWrong(Invalid):
    """Accounts asked for backwards, or for more than a year at once."""

    code = "accounts-period-wrong"
    message = gettext_noop("Accounts are read from one day to a later one, a year at most.")
    next_step = gettext_noop("Check the two days.")


class PackageAbsurd(Invalid):
    """A package with negative or impossible free hours."""

    code = "package-absurd"
    message = gettext_noop("A package cannot include %(hours)s hours a month.")
    next_step = gettext_noop("Enter a number of hours between 0 and 744.")


class ReceiptExists(Conflict):
    """A receipt was written: the price it shows cannot change under it."""

    code = "receipt-exists"
    message = gettext_noop("The receipt %(number)s has been written for this booking.")
    next_step = gettext_noop("Cancel that receipt first: a credit note takes the next number.")


class ReceiptCancelled(Conflict):
    """A receipt is cancelled once."""

    code = "receipt-cancelled"
    message = gettext_noop("The receipt %(number)s is cancelled already.")
    next_step = gettext_noop("Open its credit note from the list of receipts.")


class NothingToPay(Conflict):
    """A receipt is asked for a booking that costs nothing, or whose price is not known."""

    code = "nothing-to-pay"
    message = gettext_noop("There is nothing to pay for this booking.")
    next_step = gettext_noop("If a price was agreed by word of mouth, write it in the tariff of the point first.")


class UnknownReceipt(Missing):
    """No such receipt, or none that this person may read."""

    code = "unknown-receipt"
    message = gettext_noop("There is no such receipt.")
    next_step = gettext_noop("Open it again from your meeting's page.")


class PaperMachineMissing(Conflict):
    """The libraries that draw PDF are not installed on this server."""

    code = "pdf-not-installed"
    message = gettext_noop("This server cannot make PDF files: %(missing)s is not installed.")
    next_step = gettext_noop(
        "Print this page instead. To install it: sudo apt-get install --no-install-recommends %(packages)s"
    )
