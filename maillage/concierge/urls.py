from django.urls import path

from maillage.concierge import views

app_name = "concierge"
urlpatterns = [
    path("conciergerie", views.board, name="board"),
    path("conciergerie/postes", views.stations, name="stations"),
    path("conciergerie/releve", views.hand_over, name="hand_over"),
    path("conciergerie/reunion/<uuid:booking_id>", views.meeting, name="meeting"),
    path("conciergerie/reunion/<uuid:booking_id>/etape", views.tick, name="tick"),
    path("conciergerie/reunion/<uuid:booking_id>/ticket", views.open_ticket, name="open_ticket"),
    path("conciergerie/reunion/<uuid:booking_id>/secours", views.fallback, name="fallback"),
    path("conciergerie/reunion/<uuid:booking_id>/demande", views.ask, name="ask"),
    path("conciergerie/ticket/<int:ticket_id>/fermer", views.close_ticket, name="close_ticket"),
    path("conciergerie/ticket/<int:ticket_id>/note", views.note_ticket, name="note_ticket"),
    path("conciergerie/poste/<int:station_id>/ordre", views.order, name="order"),
    path("conciergerie/poste/<int:station_id>/derogation", views.waive_station, name="waive"),
]
