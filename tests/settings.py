"""Settings of the test run: a data folder of its own, no broker; Redis for the cache where the run offers one."""

import atexit
import os
import re
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="quorum-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.update(QUORUM_MODE="test", DATA_DIR=_folder)
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in the tests' thread

from recruitment.settings import *  # noqa: E402, F403
from recruitment.settings import STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir()
# The processes of one run share the server, and each has a database of its own in it.
TEST_REDIS_URL = re.sub(
    r"/0$", f"/{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')[2:]}", os.environ.get("TEST_REDIS_URL", "")
)
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": TEST_REDIS_URL}
    if TEST_REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
