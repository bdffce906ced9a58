"""Wycheproof's JSON Web Signatures: every invalid one refused, every valid one of a supported algorithm accepted."""

import json
import os
from pathlib import Path

import pytest

from bartizan_paved_road.constants import ALGORITHMS
from bartizan_paved_road.jose.keys import import_key
from bartizan_paved_road.jose.verify import check_header, is_signature_of, parse_token, select_key
from bartizan_paved_road.refusal import Refused

FILE = Path(os.environ.get("BARTIZAN_VECTORS") or Path(__file__).parents[4] / "shared/vectors") / "wycheproof/json_web_signature_test.json"


def is_accepted(jws: str, jwk: object) -> bool:
    try:
        token = parse_token(jws)
        alg = check_header(token, ALGORITHMS["supported"], ("", "jwt", "jose"))
        return is_signature_of(token, alg, select_key(token, alg, [import_key(jwk)]))
    except Refused:
        return False


@pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is absent")
def test_json_web_signatures() -> None:
    count, wrong = {"invalid": 0, "valid": 0, "unsupported": 0}, []
    for group in json.loads(FILE.read_text())["testGroups"]:
        jwk = group.get("public") or group["private"]
        for one in group["tests"]:
            supported = jwk["kty"] != "oct"
            count["invalid" if one["result"] == "invalid" else "valid" if supported else "unsupported"] += 1
            if is_accepted(one["jws"], jwk) != (one["result"] == "valid" and supported):
                wrong.append(f"{one['tcId']} {one['comment']} {one['result']}")
    assert wrong == []
    assert count == {"invalid": 355, "valid": 36, "unsupported": 10}
