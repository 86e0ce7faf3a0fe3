"""Says which documents of YAML files do not fit the schemas of Kubernetes, by the package `kubernetes-validate`.

Arguments: a version such as 1.35 and files. Standard output is a JSON list with one entry a document: its file, its number from 1,
and what is wrong, or null where it fits or where nothing is known about its kind.
"""

import json
import sys

import kubernetes_validate
import yaml


def verdict(document, version):
    try:
        kubernetes_validate.validate(document, version, strict=False)
    except kubernetes_validate.SchemaNotFoundError:
        return None
    except kubernetes_validate.ValidationError as error:
        return f"{'.'.join(str(part) for part in error.path)}: {error.message}"
    return None


def main():
    version, *files = sys.argv[1:]
    verdicts = []
    for file in files:
        with open(file, encoding="utf-8") as text:
            documents = list(yaml.safe_load_all(text))
        for number, document in enumerate(documents, 1):
            verdicts.append({"file": file, "number": number, "wrong": verdict(document, version)})
    json.dump(verdicts, sys.stdout)


main()
