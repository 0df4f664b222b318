from django.urls import path

from maillage.station.views import backdrop, second, walk_in
from maillage.station.views import screen as views

app_name = "station"
urlpatterns = [
    path("station", views.screen, name="screen"),
    path("station/ecran", second.second, name="second"),
    path("station/ecran/depart", second.start, name="second_start"),
    path("station/ecran/code", views.request_pairing, second.CODE, name="second_code"),
    path("station/ecran/page/<int:document_id>/<int:page>", second.second_page, name="second_page"),
    path("station/ecran/delier/<int:room_id>", views.unlink_second, name="unlink_second"),
    path("station/depart", views.start, name="start"),
    path("station/etat", views.state, name="state"),
    path("station/signe", views.beat, name="beat"),
    path("station/code", views.request_pairing, name="request_pairing"),
    path("station/essai", views.self_test, name="self_test"),
    path("station/debit", views.line_probe, name="line_probe"),
    path("station/appeler", walk_in.call, name="call"),
    path("station/liberer", walk_in.release, name="release"),
    path("station/associer", views.pair, name="pair"),
    path("station/fiche/<int:room_id>", views.start_sheet, name="start_sheet"),
    path("station/decor/<int:room_id>", backdrop.backdrop, name="backdrop"),
    path("station/decor/<int:room_id>/imprimer", backdrop.backdrop_print, name="backdrop_print"),
    path("station/application.webmanifest", views.manifest, name="manifest"),
    path("station/veilleur.js", views.service_worker, name="service_worker"),
]
