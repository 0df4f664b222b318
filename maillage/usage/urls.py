from django.urls import path

from maillage.usage import views

app_name = "usage"
urlpatterns = [
    path("chiffres", views.figures, name="figures"),
    path("chiffres.csv", views.open_data, name="open_data"),
    path("chiffres/reservations.csv", views.manners, name="manners"),
    path("chiffres/avant", views.past_counts, name="past"),
    path("chiffres/<slug:slug>", views.point_figures, name="point_figures"),
]
