; Derived from editors/tree-sitter-forge/queries by editors/test/derive_queries.py.

; Later patterns win over earlier ones.

; Names

(identifier) @variable
(type_identifier) @type
(property) @variable.other.member
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

((identifier) @variable.builtin
  (#eq? @variable.builtin "it"))
(self) @variable.builtin
(super) @variable.builtin

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
(escape_sequence) @constant.character.escape
(interpolation
  "\\(" @punctuation.special
  ")" @punctuation.special)
(integer) @constant.numeric.integer
(float) @constant.numeric.float
(quantity) @constant.numeric.integer
(duration) @constant.numeric.integer
(boolean) @constant.builtin.boolean
(null) @constant.builtin

; Comments

(comment) @comment.line
(doc_comment) @comment.line.documentation
(module_comment) @comment.line.documentation

; Keywords

[
  "import"
  "export"
  "as"
] @keyword.control.import

[
  "type"
  "schema"
  "let"
  "input"
] @keyword.storage.type

[
  "abstract"
  "open"
  "extends"
  "late"
] @keyword.storage.modifier

"fn" @keyword.function

[
  "if"
  "else"
  "match"
] @keyword.control.conditional

"for" @keyword.control.repeat

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
