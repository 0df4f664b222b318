from django.urls import path

from maillage.concierge.views import board, far_ends, meeting, rooms, tickets

app_name = "concierge"
urlpatterns = [
    path("essai", far_ends.rehearse, name="rehearse"),
    path("essai/ligne", far_ends.trial_line, name="trial_line"),
    path("essai/resultat", far_ends.trial_result, name="trial_result"),
    path("r/<str:token>/essai", far_ends.rehearse, name="rehearse_by_link"),
    path("technique/<str:token>", far_ends.technical, name="technical"),
    path("conciergerie", board.board, name="board"),
    path("conciergerie/mur", board.wall, name="wall"),
    path("conciergerie/postes", board.stations, name="stations"),
    path("conciergerie/incidents", board.incidents, name="incidents"),
    path("conciergerie/releve", board.hand_over, name="hand_over"),
    path("conciergerie/reunion/<uuid:booking_id>", meeting.meeting, name="meeting"),
    path("conciergerie/reunion/<uuid:booking_id>/etape", meeting.tick, name="tick"),
    path("conciergerie/reunion/<uuid:booking_id>/ticket", meeting.open_ticket, name="open_ticket"),
    path("conciergerie/reunion/<uuid:booking_id>/secours", meeting.fallback, name="fallback"),
    path("conciergerie/reunion/<uuid:booking_id>/demande", meeting.ask, name="ask"),
    path("conciergerie/reunion/<uuid:booking_id>/prolonger", meeting.extend, name="extend"),
    path("conciergerie/reunion/<uuid:booking_id>/appeler", meeting.dial, name="dial"),
    path("conciergerie/reunion/<uuid:booking_id>/enregistrement", meeting.recording, name="recording"),
    path("conciergerie/reunion/<uuid:booking_id>/technique", meeting.ask_technical, name="ask_technical"),
    path("conciergerie/ticket/<int:ticket_id>/fermer", tickets.close_ticket, name="close_ticket"),
    path("conciergerie/ticket/<int:ticket_id>/confier", tickets.give_ticket, name="give_ticket"),
    path("conciergerie/ticket/<int:ticket_id>/note", tickets.note_ticket, name="note_ticket"),
    path("conciergerie/poste/<int:station_id>/ordre", rooms.order, name="order"),
    path("conciergerie/poste/<int:station_id>/derogation", rooms.waive_station, name="waive"),
]
