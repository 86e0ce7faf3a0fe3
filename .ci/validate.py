"""Validates the Kubernetes resources in a YAML stream from standard input with kubernetes-validate, in strict mode.

usage: forgec build clusters/infra | validate.py 1.35
"""
import sys

import kubernetes_validate
import yaml

version = sys.argv[1]
valid, custom, invalid = 0, 0, 0
for document in yaml.safe_load_all(sys.stdin):
    name = f"{document['kind']} {document['metadata'].get('namespace', '')}/{document['metadata']['name']}"
    group = document["apiVersion"].rpartition("/")[0]
    try:
        kubernetes_validate.validate(document, version, strict=True)
        valid += 1
    except kubernetes_validate.SchemaNotFoundError:
        # The package has no schemas of custom resources, but must have those of Kubernetes itself.
        custom += 1
        if "." not in group or group.endswith(".k8s.io"):
            invalid += 1
            print(f"{name}: no schema for {document['apiVersion']}", file=sys.stderr)
    except kubernetes_validate.ValidationError as error:
        invalid += 1
        print(f"{name}: {error.message}", file=sys.stderr)
print(f"{valid} resources are valid for Kubernetes {version}, {custom} are custom", file=sys.stderr)
sys.exit(1 if invalid or not valid else 0)
