from django.urls import path

from glidepath.faces.printing import register_views, views

app_name = "printing"

urlpatterns = [
    path("people/<uuid:person>/taper/calendar.pdf", views.calendar_as_pdf, name="calendar_pdf"),
    path("people/<uuid:person>/plan/plan.pdf", views.plan_as_pdf, name="plan_pdf"),
    path("people/<uuid:person>/screen/answer.pdf", views.answer_as_pdf, name="answer_pdf"),
    path("people/<uuid:person>/safety/plan.pdf", views.safety_plan_as_pdf, name="safety_pdf"),
    path("people/<uuid:person>/events/<uuid:running>/transfer.pdf", views.transfer_as_pdf, name="transfer_pdf"),
    path("people/<uuid:person>/wristband.pdf", views.wristband_as_pdf, name="wristband_pdf"),
    path("settings/products/labels.pdf", views.shelf_labels_as_pdf, name="labels_pdf"),
    path("round/<uuid:unit>/downtime.pdf", views.downtime_as_pdf, name="downtime_pdf"),
    path("register/<uuid:location>/labels.pdf", register_views.batch_labels_as_pdf, name="batch_labels_pdf"),
    path("register/inventory.pdf", register_views.inventory_as_pdf, name="inventory_pdf"),
    path("register/inventory.csv", register_views.inventory_as_csv, name="inventory_csv"),
    path("people/<uuid:person>/taper/calendar.ics", views.calendar_as_ics, name="calendar_ics"),
]
