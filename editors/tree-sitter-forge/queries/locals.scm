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
  module: (module_path (identifier) @local.definition.import .)
  !alias
  !names)
(import alias: (_) @local.definition.import)
(import_name name: (_) @local.definition.import !alias)
(import_name alias: (_) @local.definition.import)
(type_declaration name: (_) @local.definition.type)
(type_parameter name: (_) @local.definition.type)
(schema_declaration name: (_) @local.definition.type)
(function_declaration name: (_) @local.definition.function)
(parameter name: (_) @local.definition.parameter)
(lambda parameters: (parameter) @local.definition.parameter)
(let_declaration name: (_) @local.definition.var)
(input_declaration name: (_) @local.definition.var)
(for_item variable: (_) @local.definition.var)
(for_expression variable: (_) @local.definition.var)
(match_arm pattern: (identifier) @local.definition.var)
(field_declaration name: (property) @local.definition.field)
(source_file (assignment name: (property) @local.definition.var))

; References

[
  (identifier)
  (type_identifier)
] @local.reference
