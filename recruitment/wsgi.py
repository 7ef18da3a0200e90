"""Entry point for WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application

from recruitment.safety import refuse_at_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
application = get_wsgi_application()
refuse_at_start()
