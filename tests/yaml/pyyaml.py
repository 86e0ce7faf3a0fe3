"""Reads YAML documents with PyYAML and prints what they contain.

Standard input is a JSON list of strings. Standard output is a JSON list of their values, each once as read by PyYAML's own
parser and, if it is available, once as read by libyaml's. What JSON cannot express (a key that is not a string, a date,
infinity) becomes a one-entry map whose key names the Python type, so that it equals no value of the test.
"""

import json
import math
import sys

import yaml


def plain(value):
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"<float>": repr(value)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key_text(key): plain(item) for key, item in value.items()}
    return {f"<{type(value).__name__}>": repr(value)}


def key_text(key):
    return key if isinstance(key, str) else f"<{type(key).__name__}> {key!r}"


def read(text, loader):
    try:
        return plain(yaml.load(text, Loader=loader))
    except Exception as error:  # A reader may fail in any way; each is a result.
        return {"<error>": str(error)}


def main():
    texts = json.load(sys.stdin)
    loaders = {"PyYAML": yaml.SafeLoader}
    if hasattr(yaml, "CSafeLoader"):
        loaders["libyaml"] = yaml.CSafeLoader
    json.dump({name: [read(text, loader) for text in texts] for name, loader in loaders.items()}, sys.stdout)


if __name__ == "__main__":
    main()
