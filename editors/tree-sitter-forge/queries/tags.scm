(
  (doc_comment)* @doc
  .
  (schema_declaration name: (_) @name) @definition.class
  (#strip! @doc "^///\\s*")
)
(
  (doc_comment)* @doc
  .
  (type_declaration name: (_) @name) @definition.type
  (#strip! @doc "^///\\s*")
)
(
  (doc_comment)* @doc
  .
  (function_declaration name: (_) @name) @definition.function
  (#strip! @doc "^///\\s*")
)
(source_file (assignment name: (property) @name) @definition.constant)
(source_file (field_declaration name: (property) @name) @definition.constant)
(let_declaration name: (_) @name) @definition.constant
(input_declaration name: (_) @name) @definition.constant
(schema_declaration body: (body (field_declaration name: (property) @name) @definition.field))
(test_declaration name: (string (string_content) @name)) @definition.test

(call_expression function: (identifier) @name) @reference.call
(call_expression function: (member_expression name: (property) @name)) @reference.call
(schema_declaration parent: (type_name (type_identifier) @name .)) @reference.class
(derived_object base: (type_identifier) @name) @reference.class
(type_name (type_identifier) @name .) @reference.type
