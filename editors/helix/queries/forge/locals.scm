; Derived from editors/tree-sitter-forge/queries by editors/test/derive_queries.py.

; Scopes

[
  (source_file)
  (body)
  (object)
  (block)
  (function_declaration)
  (lambda)
  (match_arm)
  (for_item)
  (for_expression)
] @local.scope

; Definitions

(import
  module: (module_path (identifier) @local.definition.variable .)
  !alias
  !names)
(import alias: (_) @local.definition.variable)
(import_name name: (_) @local.definition.variable !alias)
(import_name alias: (_) @local.definition.variable)
(type_declaration name: (_) @local.definition.type)
(type_parameter name: (_) @local.definition.type)
(schema_declaration name: (_) @local.definition.type)
(function_declaration name: (_) @local.definition.function)
(parameter name: (_) @local.definition.variable.parameter)
(lambda parameters: (parameter) @local.definition.variable.parameter)
(let_declaration name: (_) @local.definition.variable)
(input_declaration name: (_) @local.definition.variable)
(for_item variable: (_) @local.definition.variable)
(for_expression variable: (_) @local.definition.variable)
(match_arm pattern: (identifier) @local.definition.variable)
(field_declaration name: (property) @local.definition.variable.other.member)
(source_file (assignment name: (property) @local.definition.variable))

; References

[
  (identifier)
  (type_identifier)
] @local.reference
