from django.urls import path

from glidepath.care.flow.views import admitting, calling, finding, going_through, leaving, screening

app_name = "flow"

urlpatterns = [
    path("admit/", finding.admit, name="admit"),
    path("enquiry/", calling.enquiry, name="enquiry"),
    path("people/<uuid:person>/call/", calling.call, name="call"),
    path("people/<uuid:person>/screen/", screening.screen, name="screen"),
    path("people/<uuid:person>/come-back/", finding.come_back, name="come_back"),
    path("people/<uuid:person>/admission/", admitting.admission_page, name="admission"),
    path("people/<uuid:person>/discharge/", leaving.discharge, name="discharge"),
    path("people/<uuid:person>/medicines/gone-through/", going_through.medicines, name="medicines"),
    path("people/<uuid:person>/medicines/gone-through/<uuid:unit>/", going_through.medicines, name="medicines_to"),
]
