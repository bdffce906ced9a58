"""Renders charts with the real Helm library, as cases for `cargo test -p bartizan-iac --test it helm`.

    pip install helm-python-sdk
    python helm_reference.py CHARTS OUT.json      # CHARTS: a folder of charts, each with ci/*-values.yaml
    BARTIZAN_HELM_CASES=OUT.json cargo test -p bartizan-iac --test it helm -- --nocapture

A case is a chart, a file of values or none, and what Helm says: the text of each template, or an error.
"""

import json
import pathlib
import sys

from helm_python.chart import Chart, values_from_yaml


def main(charts: pathlib.Path, out: pathlib.Path) -> None:
    cases = []
    for folder in sorted(path.parent for path in charts.glob("*/Chart.yaml")):
        for values in [None, *sorted(folder.glob("ci/*values.yaml"))]:
            case = {"chart": str(folder), "values": str(values) if values else None}
            try:
                with Chart.load(folder) as chart:
                    given = values_from_yaml(values.read_text()) if values else None
                    # What differs from run to run is random, and nobody's to compare.
                    again = chart.render(given)
                    case["expected"] = {name: text for name, text in chart.render(given).items() if again[name] == text}
            except Exception as error:  # what Helm refuses is a case, too
                case["error"] = str(error)
            cases.append(case)
    out.write_text(json.dumps(cases))
    print(f"{len(cases)} cases, {sum('error' in case for case in cases)} of them refused by Helm")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
