"""Makes cases for `cargo test -p bartizan-iac --test it kustomize` of Kustomize's own tests, and of its examples with `kubectl kustomize`.

    python kustomize_reference.py KUSTOMIZE OUT.json     # KUSTOMIZE: a checkout of kubernetes-sigs/kustomize
    BARTIZAN_KUSTOMIZE_CASES=OUT.json cargo test -p bartizan-iac --test it kustomize -- --nocapture

A case is files, a folder, and what Kustomize makes of them, or an error. Tests in Go write their files by `WriteK` (a kustomization), `WriteC` (a
component) and `WriteF`; those that need Go code, plugins or the network are left out.
"""

import json
import pathlib
import re
import subprocess
import sys

CALL = re.compile(r"th\.Write([KCF])\(\s*([^`]*?),\s*`([^`]*)`\s*\)", re.S)
HEADER = "apiVersion: kustomize.config.k8s.io/%s\nkind: %s\n"


def bodies(text):
    parts = re.split(r"^func (\w+)\(", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def path_of(expression):
    pieces = re.findall(r'"([^"]*)"', expression)
    return "/".join(pieces) if pieces and not re.search(r"[a-z]\w*(?![^\"]*\")", re.sub(r'"[^"]*"|filepath\.Join', "", expression)) else None


def files_of(body, helpers, depth=0):
    files = {}
    for name in re.findall(r"^\s*(\w+)\(th\)", body, flags=re.M):
        if name in helpers and depth < 4:
            files.update(files_of(helpers[name], helpers, depth + 1))
    for kind, where, text in CALL.findall(body):
        path = path_of(where)
        if path is None:
            raise ValueError(where)
        if kind == "K":
            path, text = path + "/kustomization.yaml", HEADER % ("v1beta1", "Kustomization") + text
        if kind == "C":
            path, text = path + "/kustomization.yaml", HEADER % ("v1alpha1", "Component") + text
        files[path.strip("/").removeprefix("./")] = text
    return files


def expected(root, folder):
    run = subprocess.run(["kubectl", "kustomize", str(root / folder)], capture_output=True, text=True, timeout=60)
    return {"expected": run.stdout} if run.returncode == 0 else {"error": run.stderr[-300:]}


def main(checkout, out):
    cases = []
    for source in sorted((checkout / "api/krusty").glob("*_test.go")):
        helpers = bodies(source.read_text())
        for name, body in helpers.items():
            runs = re.findall(r'th\.Run\((?:"([^"]*)"|`([^`]*)`)', body)
            if not name.startswith("Test") or not runs:
                continue
            try:
                files = files_of(body, helpers)
            except ValueError:
                continue
            folder = (runs[0][0] or runs[0][1]).strip("/").removeprefix("./")
            if not files or re.search(r"https?://|github\.com|transformers:|generators:|validators:|exec:|container:", "".join(files.values())):
                continue
            texts = re.findall(r"AssertActualEqualsExpected\(\w+, `([^`]*)`\)", body)
            if len(runs) == 1 and len(texts) == 1:
                cases.append({"name": f"{source.stem}.{name}", "files": files, "folder": folder, "expected": texts[0]})
    examples = checkout / "examples"
    files = {str(path.relative_to(examples)): path.read_text() for path in examples.rglob("*") if path.is_file() and path.suffix != ".md"}
    for path in sorted(examples.rglob("kustomization.yaml")):
        folder = str(path.parent.relative_to(examples))
        top = folder.split("/")[0]
        some = {path: text for path, text in files.items() if path.startswith(top + "/")}
        cases.append({"name": f"examples/{folder}", "files": some, "folder": folder, **expected(examples, folder)})
    out.write_text(json.dumps(cases))
    print(f"{len(cases)} cases, {sum('error' in case for case in cases)} of them refused by kubectl")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
