"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from glidepath.centre.children import UNDER_UP, end_with_the_server

if UNDER_UP in os.environ:
    end_with_the_server()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glidepath.centre.settings")
application = get_wsgi_application()
