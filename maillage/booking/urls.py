"""The booking journey: search, hold, form, meeting."""

from django.urls import path

from maillage.booking.views import (
    book,
    calendars,
    holds,
    meeting,
    move,
    on_behalf,
    planning,
    receipts,
    search,
    series,
    settings,
    urgent,
)

app_name = "booking"
urlpatterns = [
    path("creneaux", search.slot_search, name="slot_search"),
    path("creneaux/retenir", holds.hold, name="hold"),
    path("reserver/<str:token>", book.book, name="book"),
    path("reserver/<str:token>/reprendre", book.retake, name="retake"),
    path("calendriers/<str:token>.ics", calendars.published_calendar, name="published_calendar"),
    path("reunion/<str:token>", meeting.meeting, name="meeting"),
    path("reunion/<str:token>/agenda.ics", meeting.calendar_entry, name="calendar"),
    path("reunion/<str:token>/changer", move.move, name="move"),
    path("reunion/<str:token>/annuler", meeting.cancel, name="cancel"),
    path("reunion/<str:token>/fiche/<int:position>", meeting.sheet, name="sheet"),
    path("reunion/<str:token>/recu", receipts.ask_receipt, name="ask_receipt"),
    path("reunion/<str:token>/recu/<slug:label>", receipts.receipt, name="receipt"),
    path("reunion/<str:token>/recu/<slug:label>.pdf", receipts.receipt_paper, name="receipt_paper"),
    path("planning", planning.planning, name="planning"),
    path("depannage", urgent.urgent, name="urgent"),
    path("planning/pour-quelqu-un", on_behalf.on_behalf, name="on_behalf"),
    path("planning/pour-quelqu-un/connus", on_behalf.callers, name="callers"),
    path("planning/bloquer", planning.block, name="block"),
    path("planning/liberer/<int:span_id>", planning.release, name="release"),
    path("planning/lieux/<slug:slug>", settings.point_settings, name="point_settings"),
    path("reunion/<str:token>/repeter", series.repeat, name="repeat"),
    path("serie/<str:token>", series.series, name="series"),
]
