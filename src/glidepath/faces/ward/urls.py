from django.urls import path

from glidepath.faces.ward import bed_views, views

app_name = "ward"

urlpatterns = [
    path("", views.home, name="home"),
    path("unit/", views.unit, name="unit"),
    path("unit/<uuid:unit>/", views.board_page, name="board"),
    path("unit/<uuid:unit>/beds/", bed_views.beds_page, name="beds"),
    path("unit/<uuid:unit>/beds/<uuid:move>/drop/", bed_views.drop_plan, name="drop_plan"),
    path("people/", views.people, name="people"),
    path("people/<uuid:person>/", views.chart, name="chart"),
    path("people/<uuid:person>/guidance/", views.guidance, name="guidance"),
    path("people/<uuid:person>/formulation/", views.formulation, name="formulation"),
]
