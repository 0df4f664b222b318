from django.urls import path

from maillage.usage import desk_views, views

app_name = "usage"
urlpatterns = [
    path("chiffres", views.figures, name="figures"),
    path("chiffres.csv", views.open_data, name="open_data"),
    path("chiffres/reservations.csv", views.manners, name="manners"),
    path("chiffres/avant", views.past_counts, name="past"),
    path("planning/passages", desk_views.visits, name="visits"),
    path("planning/passages/<int:visit_id>/annuler", desk_views.take_back, name="take_back"),
    path("chiffres/<slug:slug>", views.point_figures, name="point_figures"),
]
