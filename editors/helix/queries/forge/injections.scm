; Derived from editors/tree-sitter-forge/queries by editors/test/derive_queries.py.

; A comment before a string, or before the item whose value the string is, names its language:
;
;     // language: yaml
;     config = """
;       …
;       """
;
; So does the end of its key: "values.yaml" = """…""". Interpolations and escapes are left out.

((comment) @injection.content
  (#set! injection.language "comment"))

; yaml
((comment) @_marker
  .
  (_
    value: (string
      (string_content) @injection.content))
  (#match? @_marker "^// *language: *(yaml|yml) *$")
  (#set! injection.language "yaml")
  (#set! injection.combined))
((comment) @_marker
  .
  (string
    (string_content) @injection.content)
  (#match? @_marker "^// *language: *(yaml|yml) *$")
  (#set! injection.language "yaml")
  (#set! injection.combined))
((assignment
  name: (string) @_key
  value: (string
    (string_content) @injection.content))
  (#match? @_key "[.]ya?ml\"$")
  (#set! injection.language "yaml")
  (#set! injection.combined))

; json
((comment) @_marker
  .
  (_
    value: (string
      (string_content) @injection.content))
  (#match? @_marker "^// *language: *(json) *$")
  (#set! injection.language "json")
  (#set! injection.combined))
((comment) @_marker
  .
  (string
    (string_content) @injection.content)
  (#match? @_marker "^// *language: *(json) *$")
  (#set! injection.language "json")
  (#set! injection.combined))
((assignment
  name: (string) @_key
  value: (string
    (string_content) @injection.content))
  (#match? @_key "[.]json\"$")
  (#set! injection.language "json")
  (#set! injection.combined))

; toml
((comment) @_marker
  .
  (_
    value: (string
      (string_content) @injection.content))
  (#match? @_marker "^// *language: *(toml) *$")
  (#set! injection.language "toml")
  (#set! injection.combined))
((comment) @_marker
  .
  (string
    (string_content) @injection.content)
  (#match? @_marker "^// *language: *(toml) *$")
  (#set! injection.language "toml")
  (#set! injection.combined))
((assignment
  name: (string) @_key
  value: (string
    (string_content) @injection.content))
  (#match? @_key "[.]toml\"$")
  (#set! injection.language "toml")
  (#set! injection.combined))

; bash
((comment) @_marker
  .
  (_
    value: (string
      (string_content) @injection.content))
  (#match? @_marker "^// *language: *(bash|shell|sh) *$")
  (#set! injection.language "bash")
  (#set! injection.combined))
((comment) @_marker
  .
  (string
    (string_content) @injection.content)
  (#match? @_marker "^// *language: *(bash|shell|sh) *$")
  (#set! injection.language "bash")
  (#set! injection.combined))
((assignment
  name: (string) @_key
  value: (string
    (string_content) @injection.content))
  (#match? @_key "[.]sh\"$")
  (#set! injection.language "bash")
  (#set! injection.combined))

; promql
((comment) @_marker
  .
  (_
    value: (string
      (string_content) @injection.content))
  (#match? @_marker "^// *language: *(promql) *$")
  (#set! injection.language "promql")
  (#set! injection.combined))
((comment) @_marker
  .
  (string
    (string_content) @injection.content)
  (#match? @_marker "^// *language: *(promql) *$")
  (#set! injection.language "promql")
  (#set! injection.combined))

; sql
((comment) @_marker
  .
  (_
    value: (string
      (string_content) @injection.content))
  (#match? @_marker "^// *language: *(sql) *$")
  (#set! injection.language "sql")
  (#set! injection.combined))
((comment) @_marker
  .
  (string
    (string_content) @injection.content)
  (#match? @_marker "^// *language: *(sql) *$")
  (#set! injection.language "sql")
  (#set! injection.combined))

; python
((comment) @_marker
  .
  (_
    value: (string
      (string_content) @injection.content))
  (#match? @_marker "^// *language: *(python|py) *$")
  (#set! injection.language "python")
  (#set! injection.combined))
((comment) @_marker
  .
  (string
    (string_content) @injection.content)
  (#match? @_marker "^// *language: *(python|py) *$")
  (#set! injection.language "python")
  (#set! injection.combined))
((assignment
  name: (string) @_key
  value: (string
    (string_content) @injection.content))
  (#match? @_key "[.]py\"$")
  (#set! injection.language "python")
  (#set! injection.combined))
