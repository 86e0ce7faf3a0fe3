[
  (body)
  (object)
  (block)
  (list)
  (list_type)
  (record_type)
  (map_type)
  (match_expression)
  (arguments)
  (parameters)
  (import_names)
  (parenthesized_expression)
  (index_expression)
] @indent

[
  "}"
  "]"
  ")"
] @outdent
