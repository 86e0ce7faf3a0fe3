(schema_declaration "schema" @context name: (_) @name) @item
(type_declaration "type" @context name: (_) @name) @item
(function_declaration "fn" @context name: (_) @name) @item
(input_declaration "input" @context name: (_) @name) @item
(test_declaration "test" @context name: (_) @name) @item
(source_file (let_declaration "let" @context name: (_) @name) @item)
(source_file (assignment name: (_) @name) @item)
(source_file (field_declaration name: (_) @name) @item)
(schema_declaration body: (body (field_declaration name: (_) @name) @item))
