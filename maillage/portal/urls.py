"""The addresses of the home page and of what belongs to no other app."""

from django.urls import path

from maillage.portal import data_views, mail_views, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("rejoindre", views.join, name="join"),
    path("comment-ca-marche", views.how, name="how"),
    path("accessibilite", views.accessibility, name="accessibility"),
    path("mentions-legales", views.legal, name="legal"),
    path("mes-donnees", data_views.my_data, name="my_data"),
    path("mes-donnees/<str:token>", data_views.erase, name="erase"),
    path("sante", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("demo/courrier", mail_views.mailbox, name="mailbox"),
    path("demo/courrier/<int:pk>", mail_views.mail, name="mail"),
    path("demo/courrier/<int:pk>/page", mail_views.mail_page, name="mail_page"),
    path("demo/courrier/<int:pk>/piece/<int:index>", mail_views.mail_file, name="mail_file"),
]
