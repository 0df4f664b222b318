"""The booking journey: search, hold, form, meeting."""

from django.urls import path

from maillage.booking.views import (
    book,
    broadcasts,
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
    path("seances", broadcasts.sessions, name="sessions"),
    path("seances/place/<str:token>", broadcasts.seat, name="seat"),
    path("seances/<slug:slug>", broadcasts.session, name="session"),
    path("planning/seances/<slug:slug>", broadcasts.expected, name="expected"),
    path("reunion/<str:token>/seance", broadcasts.publish, name="publish"),
    path("reunion/<str:token>/seance/participants", broadcasts.attendee_list, name="attendee_list"),
    path("depannage", urgent.urgent, name="urgent"),
    path("planning/pour-quelqu-un", on_behalf.on_behalf, name="on_behalf"),
    path("planning/pour-quelqu-un/connus", on_behalf.callers, name="callers"),
    path("planning/bloquer", planning.block, name="block"),
    path("planning/liberer/<int:span_id>", planning.release, name="release"),
    path("planning/lieux/<slug:slug>", settings.point_settings, name="point_settings"),
    path("reunion/<str:token>/repeter", series.repeat, name="repeat"),
    path("serie/<str:token>", series.series, name="series"),
]
