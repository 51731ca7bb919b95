from django.urls import path

from glidepath.care.flow.views import admitting, finding, leaving

app_name = "flow"

urlpatterns = [
    path("admit/", finding.admit, name="admit"),
    path("enquiry/", finding.enquiry, name="enquiry"),
    path("people/<uuid:person>/come-back/", finding.come_back, name="come_back"),
    path("people/<uuid:person>/admission/", admitting.admission_page, name="admission"),
    path("people/<uuid:person>/discharge/", leaving.discharge, name="discharge"),
]
