"""Reads YAML documents from standard input and lets kubernetes-validate judge those of Kubernetes itself, strictly.

usage: forgec build clusters/infra | validate.py 1.35
"""
import sys

import kubernetes_validate
import yaml

version = sys.argv[1]
judged, foreign, wrong = 0, 0, 0
for document in yaml.safe_load_all(sys.stdin):
    name = f"{document['kind']} {document['metadata'].get('namespace', '')}/{document['metadata']['name']}"
    group = document["apiVersion"].rpartition("/")[0]
    try:
        kubernetes_validate.validate(document, version, strict=True)
        judged += 1
    except kubernetes_validate.SchemaNotFoundError:
        # The package has no custom resources; what is Kubernetes' own it must know.
        foreign += 1
        if "." not in group or group.endswith(".k8s.io"):
            wrong += 1
            print(f"{name}: no schema for {document['apiVersion']}", file=sys.stderr)
    except kubernetes_validate.ValidationError as error:
        wrong += 1
        print(f"{name}: {error.message}", file=sys.stderr)
print(f"{judged} resources are as Kubernetes {version} wants them, {foreign} are custom", file=sys.stderr)
sys.exit(1 if wrong or not judged else 0)
