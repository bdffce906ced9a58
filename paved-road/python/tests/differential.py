"""Compares what this library says with what the one for Node.js said; see ``testing/differential.mjs``."""

import json
import sys
from pathlib import Path

from test_vectors import PARTIAL, outcome

cases = json.loads(Path(sys.argv[1]).read_text())
different = 0
for case in cases:
    kind, said, ours = case["kind"], case["said"], outcome(case["kind"], case["input"])
    if said == ours or (kind in PARTIAL and "ok" in said and "ok" in ours):
        continue
    different += 1
    if different <= 10:
        print(f"{kind}: {json.dumps(case['input'])[:1000]}\n  node: {json.dumps(said)[:200]}\n  python: {json.dumps(ours)[:200]}")
print(f"differential: {len(cases) - different} passed, {different} failed")
sys.exit(1 if different else 0)
