"""Says what of the SARIF log on standard input does not fit the schema that is given."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
checker = jsonschema.validators.validator_for(schema)(schema)
errors = [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(json.load(sys.stdin))]
print("\n".join(errors))
sys.exit(1 if errors else 0)
