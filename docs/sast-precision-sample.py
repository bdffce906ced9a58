#!/usr/bin/env python3
"""Draws the sample of docs/sast-precision.md from JSON reports: sample.py REPORT.json...

Findings are put in the order of their fingerprints. At high confidence the first four of every rule and project are
taken, so that one rule that is often right can't decide the figure. The rest, up to 60, are findings of medium and
low confidence: turn by turn the next of every rule and project."""
import itertools, json, sys
from pathlib import Path

SIZE, PER_RULE = 60, 4
groups = {}
for report in sys.argv[1:]:
    for finding in json.loads(Path(report).read_text())["findings"]:
        is_high = finding["confidence"] == "high"
        groups.setdefault((not is_high, Path(report).stem, finding["rule"]), []).append(finding)
for findings in groups.values():
    findings.sort(key=lambda finding: finding["fingerprint"])

high = [(key, f) for key, found in sorted(groups.items()) if not key[0] for f in found[:PER_RULE]]
other = [found[:PER_RULE] for key, found in sorted(groups.items()) if key[0]]
keys = [key for key in sorted(groups) if key[0]]
turns = itertools.zip_longest(*([(key, f) for f in found] for key, found in zip(keys, other)))
rest = [entry for turn in turns for entry in turn if entry]
for key, finding in sorted(high + rest[: SIZE - len(high)], key=lambda e: (e[0], e[1]["fingerprint"])):
    place = finding["location"]
    print(key[1], f'{place["path"]}:{place["region"]["start_line"]}', finding["rule"], finding["confidence"],
          finding["fingerprint"], sep="\t")
