"""Entry point for ASGI servers."""

import os

from django.core.asgi import get_asgi_application

from recruitment.safety import refuse_at_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
application = get_asgi_application()
refuse_at_start()
