; Derived from editors/tree-sitter-forge/queries by editors/test/derive_queries.py.

; Later patterns win over earlier ones.

; Names

(identifier) @variable
(type_identifier) @type
(property) @property
(module_path (identifier) @namespace)
(import_name name: (identifier) @variable)
(type_name (identifier) @namespace)
(type_parameter name: (_) @type)

((type_identifier) @type.builtin
  (#any-of? @type.builtin
    "Any" "Bool" "Duration" "Float" "Int" "Null" "Quantity" "Secret" "String"))

(parameter) @variable.parameter
(parameter name: (_) @variable.parameter)
(lambda parameters: (parameter) @variable.parameter)
(named_argument name: (_) @variable.parameter)
(check_argument name: _ @variable.parameter)
(for_item variable: (_) @variable.parameter)
(for_expression variable: (_) @variable.parameter)

((identifier) @variable.special
  (#eq? @variable.special "it"))
(self) @variable.special
(super) @variable.special

(call_expression
  function: (identifier) @function)
(call_expression
  function: (member_expression
    name: (property) @function.method))

; Declarations

(type_declaration name: (_) @type)
(schema_declaration name: (_) @type)
(function_declaration name: (_) @function)
(input_declaration name: (_) @variable)
(let_declaration name: (_) @variable)
(annotation
  "@" @attribute
  name: (_) @attribute)

; Literals

(string) @string
(string "\"" @string)
(escape_sequence) @string.escape
(interpolation
  "\\(" @punctuation.special
  ")" @punctuation.special)
(integer) @number
(float) @number
(quantity) @number
(duration) @number
(boolean) @boolean
(null) @constant.builtin

; Comments

(comment) @comment
(doc_comment) @comment.doc
(module_comment) @comment.doc

; Keywords

[
  "import"
  "export"
  "as"
] @keyword.import

[
  "type"
  "schema"
  "let"
  "input"
] @keyword.type

[
  "abstract"
  "open"
  "extends"
  "late"
] @keyword.modifier

"fn" @keyword.function

[
  "if"
  "else"
  "match"
] @keyword.conditional

"for" @keyword.repeat

[
  "in"
  "is"
] @keyword.operator

(as_expression "as" @keyword.operator)

[
  "where"
  "by"
  "with"
  "delete"
  "each"
  "check"
  "warn"
  "test"
  "assert"
  "fails"
  "snapshot"
] @keyword

; Operators and punctuation

[
  "="
  "+="
  "=="
  "!="
  "<"
  "<="
  ">"
  ">="
  "+"
  "-"
  "*"
  "/"
  "%"
  "&&"
  "||"
  "!"
  "??"
  "?"
  "|"
  "..="
  "..<"
  "=>"
  "->"
] @operator

(type_parameters ["<" ">"] @punctuation.bracket)

[
  "."
  "?."
  ".."
  "..."
  ","
  ";"
  ":"
] @punctuation.delimiter

(spread "..." @operator)

[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket

(interpolation
  "\\(" @punctuation.special
  ")" @punctuation.special)
