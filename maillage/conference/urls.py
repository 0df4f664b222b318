"""Addresses of the pages: short, since people read them to each other."""

from django.urls import path

from maillage.conference import views

app_name = "conference"
urlpatterns = [
    path("r/<str:token>", views.door, name="door"),
    path("r/<str:token>/apres", views.after, name="after"),
    path("r/<str:token>/ligne", views.try_line, name="try_line"),
    path("r/<str:token>/documents", views.documents, name="documents"),
    path("r/<str:token>/documents/<int:document_id>/<int:page>", views.document_page, name="document_page"),
    path("r/<str:token>/documents/<int:document_id>/reprendre", views.take_back, name="take_back"),
    path("r/<str:token>/couloir", views.corridor, name="corridor"),
    path("r/<str:token>/couloir/parler", views.side_talk, name="side_talk"),
    path("fond/<str:digest>", views.backdrop, name="backdrop"),
    path("rejoindre/code", views.join_by_code, name="join_by_code"),
    path("reunion/<str:token>/preparer", views.prepare, name="prepare"),
    path("r/<str:token>/enregistrement", views.recording, name="recording"),
    path("r/<str:token>/enregistrement/<int:recording_id>.mp4", views.film, name="film"),
    path("r/<str:token>/compte-rendu", views.minutes, name="minutes"),
    path("r/<str:token>/compte-rendu.pdf", views.minutes_pdf, name="minutes_pdf"),
]
