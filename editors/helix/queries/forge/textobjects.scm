(function_declaration body: (_) @function.inside) @function.around
(lambda body: (_) @function.inside) @function.around
(schema_declaration body: (body) @class.inside) @class.around
(test_declaration body: (body) @test.inside) @test.around
(parameters (parameter) @parameter.inside)
(arguments (_) @parameter.inside)
[(assignment) (field_declaration) (refinement) (append)] @entry.around
(comment)+ @comment.around
(doc_comment)+ @comment.around
