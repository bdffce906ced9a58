"""Codes and states stand in the URL of a callback (CWE-532): access logs of servers must not keep them."""

import logging
import re
from typing import Any

_LOGGERS = ("werkzeug", "django.server", "uvicorn.access", "gunicorn.access", "hypercorn.access")


def redact_access_logs(callback: str) -> None:
    """Cuts the query of the callback out of what the loggers of servers write."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_Redact(callback))


class _Redact(logging.Filter):
    def __init__(self, callback: str) -> None:
        super().__init__()
        self._query = re.compile(rf"({re.escape(callback)}[^\s?\"]*)\?[^\s\"]*")

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self._redacted(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(self._redacted(item) for item in record.args)
        elif record.args:
            record.args = {name: self._redacted(item) for name, item in record.args.items()}
        return True

    def _redacted(self, value: Any) -> Any:
        return self._query.sub(r"\1?[redacted]", value) if isinstance(value, str) else value
