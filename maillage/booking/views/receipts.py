"""The receipts of a meeting, for its organiser: issued once it is over, read as a page, printed as PDF."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maillage.booking.errors.tariffs import NothingToPay
from maillage.booking.gateways.paper import pdf_of
from maillage.booking.selectors.receipts import receipt_lines, receipt_of_booking
from maillage.booking.services.receipts import issue_receipts
from maillage.booking.views.meeting import meeting_by_link
from maillage.core.throttle import throttled


@require_POST
@throttled("receipt", most=20, seconds=600)
def ask_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Issue the receipts of a meeting that is over; pressed again, show those that were issued."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    if now < found.end:
        raise NothingToPay
    receipts = issue_receipts(booking_id=found.booking.pk, now=now)
    if len(receipts) == 1:
        return HttpResponseRedirect(reverse("booking:receipt", args=[token, receipts[0].label]), status=303)
    return HttpResponseRedirect(reverse("booking:meeting", args=[token]) + "#price", status=303)


@require_GET
@never_cache
def receipt(request: HttpRequest, token: str, label: str) -> HttpResponse:
    """Show one receipt or credit note of the meeting."""
    found = meeting_by_link(token, timezone.now())
    one = receipt_of_booking(found.booking.pk, label)
    context = {"receipt": one, "lines": receipt_lines(one), "meeting": found}
    return render(request, "booking/receipt.html", context)


@require_GET
@throttled("receipt-paper", most=30, seconds=600, methods=("GET",))
def receipt_paper(request: HttpRequest, token: str, label: str) -> HttpResponse:
    """Give the same as a PDF. Raises PaperMachineMissing where the server cannot make one."""
    found = meeting_by_link(token, timezone.now())
    one = receipt_of_booking(found.booking.pk, label)
    html = render_to_string("booking/print/receipt.html", {"receipt": one, "lines": receipt_lines(one)})
    response = HttpResponse(pdf_of(html), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="recu-{one.label}.pdf"'
    return response
