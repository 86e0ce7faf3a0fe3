"""Reads YAML texts with PyYAML and says as JSON what it saw.

Standard input is a JSON list of texts. Standard output is a JSON list with an object a text: for each of PyYAML's parsers
the value, or a string that begins with "!error". What JSON cannot say is an object with the single key "!other".
"""

import json
import sys

import yaml


def plain(value):
    """The value with everything that is not JSON marked as such."""
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: plain(item) for key, item in value.items()}
        return {"!other": repr(value)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and value - value == 0:
        return value
    return {"!other": repr(value)}


def read(text, loader):
    try:
        return plain(yaml.load(text, Loader=loader))
    except Exception as error:
        return f"!error {type(error).__name__}: {error}"


def main():
    loaders = {"python": yaml.SafeLoader}
    if yaml.__with_libyaml__:
        loaders["libyaml"] = yaml.CSafeLoader
    texts = json.loads(sys.stdin.buffer.read())
    seen = [{name: read(text, loader) for name, loader in loaders.items()} for text in texts]
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
