"""Parses a YAML stream from standard input with PyYAML and reports documents that are not Kubernetes resources."""

import sys

import yaml

# Kinds that are read by tools and not by an API server.
PLAIN = {"kustomize.config.k8s.io/v1beta1"}


def main() -> int:
    documents = [document for document in yaml.safe_load_all(sys.stdin) if document is not None]
    wrong = 0
    names = set()
    for number, document in enumerate(documents, start=1):
        missing = [key for key in ("apiVersion", "kind") if not isinstance(document, dict) or key not in document]
        if missing:
            print(f"document {number} has no {' and no '.join(missing)}", file=sys.stderr)
            wrong += 1
            continue
        metadata = document.get("metadata") or {}
        name = (document["apiVersion"], document["kind"], metadata.get("namespace"), metadata.get("name"))
        if document["apiVersion"] not in PLAIN and name in names:
            print(f"document {number} is a duplicate: {name}", file=sys.stderr)
            wrong += 1
        names.add(name)
    print(f"{len(documents)} documents, {wrong} wrong")
    return 1 if wrong or not documents else 0


if __name__ == "__main__":
    sys.exit(main())
