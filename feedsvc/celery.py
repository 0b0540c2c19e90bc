"""The Celery application of `executor = "celery"`: `celery -A feedsvc.celery worker`.

FEEDSVC_CONFIG names the configuration, as for every command. Raises ConfigError where it does not hold.
"""

from __future__ import annotations

import os

from feedsvc.wiring.hands import application

app = application(os.environ)
