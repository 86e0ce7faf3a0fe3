[
  (body)
  (object)
  (block)
  (list)
  (match_expression)
  (arguments)
  (parameters)
  (import_names)
  (record_type)
  (string)
] @fold
