"""Answers of a provider: status, media type and JSON, checked before anything else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from ..refusal import refuse
from ..strict_json import JsonObject, parse_object

_JSON = re.compile(r"application/json[\t ]*(?:;.*)?", re.IGNORECASE | re.DOTALL)
_ERROR = re.compile(r"[a-z_]{1,64}")


@dataclass(frozen=True)
class Answer:
    """An answer of a server, whole and within limits."""

    status: int
    content_type: str
    body: str


def json_answer(answer: Answer, statuses: Sequence[int] = (200,)) -> JsonObject:
    """Reads a JSON object from an answer that has one of the statuses."""
    if 300 <= answer.status <= 399:
        refuse("redirect-refused")
    if answer.status not in statuses:
        _refuse_error(answer)
    if not _JSON.fullmatch(answer.content_type):
        refuse("content-type-unexpected")
    body = parse_object(answer.body)
    if body is None:
        refuse("json-malformed")
    if isinstance(body.get("error"), str):
        _refuse_error(answer)
    return body


def _refuse_error(answer: Answer) -> NoReturn:
    """Refuses with the error code that the answer has, if it has one (RFC 6749, section 5.2)."""
    error = (parse_object(answer.body) or {}).get("error") if _JSON.fullmatch(answer.content_type) else None
    if not isinstance(error, str):
        refuse("http-status", str(answer.status))
    refuse("grant-invalid" if error == "invalid_grant" else "token-endpoint-error", error if _ERROR.fullmatch(error) else None)
