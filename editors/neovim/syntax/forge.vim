" Vim syntax file. Where Neovim has the tree-sitter parser, that is used instead; see lua/forge.lua.
if exists("b:current_syntax")
  finish
endif

syn case match
syn iskeyword @,48-57,_

" Names and numbers
syn match forgeType "\<_*[A-Z]\w*\>"
syn match forgeBuiltinType "\<\%(Any\|Bool\|Duration\|Float\|Int\|Null\|Quantity\|Secret\|String\)\>"
syn match forgeNumber "\<\d[0-9_]*\%(\.\d[0-9_]*\)\=\%([eE][+-]\=\d\+\)\=\>"
syn match forgeNumber "\<0x[0-9A-Fa-f_]\+\>\|\<0o[0-7_]\+\>"
syn match forgeQuantity "\<\d[0-9_]*\%(\.\d[0-9_]*\)\=\%([numkMGTPE]\|[KMGTPE]i\)\>"
syn match forgeDuration "\<\d[0-9_]*\%(\.\d[0-9_]*\)\=\%(ns\|us\|ms\|s\|min\|h\|d\)\>"
syn match forgeQuoted "`[^`]*`"
syn match forgeFunction "\<[a-z_]\w*\ze("
syn match forgeOperator "[-+*/%=<>!?|&]\+"
syn match forgeOperator "\.\.[.=<]"

" Keywords of expressions. They are matches, since what `syn keyword` finds wins over all matches.
syn match forgeConditional "\<\%(if\|else\|match\)\>"
syn match forgeRepeat "\<\%(for\)\>"
syn match forgeOperatorWord "\<\%(in\|is\)\>"
syn match forgeOperatorWord "\%(\S\s\+\)\@<=as\>\ze\s\+[A-Z(\[{\"]"
syn match forgeKeyword "\<\%(let\|fn\)\>"
syn match forgeKeyword "\S\@<=\s\+\zs\%(where\|by\|with\)\>\ze\s"
syn match forgeBoolean "\<\%(true\|false\)\>"
syn match forgeNull "\<\%(null\)\>"
syn match forgeSelf "\<\%(self\|super\|it\)\>"

" A name after a dot, and what an item sets: never keywords
syn match forgeMember "\%(\.\@1<!\.\|?\.\)\s*\zs[A-Za-z_]\w*\ze"
syn match forgeProperty "\%(^\|[{,;]\)\s*\zs\%(\%(if\|for\|let\|check\|fn\|delete\|else\)\>\|is\s*{\)\@!\h\w*\ze\%(\s*\.\s*\%(\w\+\|\"[^\"]*\"\|`[^`]*`\)\)*\s*\%(=[=>]\@!\|+=\|:\|{\)"
syn match forgeProperty "[(,]\s*\zs\h\w*\ze\s*=[=>]\@!"

" Keywords of items
syn match forgeInclude "\%(^\|[{,;]\)\s*\zs\%(import\|export\)\>\ze\s\+[.`A-Za-z_]" nextgroup=forgeImport
syn match forgeImport "[^/;]*" contained contains=forgeType,forgeImportAs,forgeQuoted
syn match forgeImportAs "\S\@<=\s\+\zsas\>\ze\s" contained
syn match forgeDeclaration "\%(^\|[{,;]\)\s*\zs\%(type\|input\)\>\ze\s\+[`A-Za-z_]"
syn match forgeDeclaration "\%(^\|[{,;]\)\s*\zs\%(\%(abstract\|open\)\s\+\)*schema\>\ze\s\+[`A-Za-z_]"
syn match forgeDeclaration "\S\@<=\s\+\zsextends\>\ze\s\+[`A-Za-z_]"
syn match forgeDeclaration "\%(^\|[{,;]\)\s*\zslate\>\ze\s\+[`A-Za-z_\"]"
syn match forgeDeclaration "\%(^\|[{,;]\)\s*\zstest\>\ze\s*#*\""
syn match forgeStatement "\%(^\|[{,;]\)\s*\zs\%(check\|delete\)\>"
syn match forgeStatement "\%(^\|[{,;]\)\s*\zs\%(assert\|fails\|snapshot\|warn\)\>\ze\s*\%(=\|+=\|[:.{]\|$\)\@!"
syn match forgeStatement "\%(^\|[{,;]\)\s*\zseach\>\ze\s*{"
syn match forgeAnnotation "@\s*\h\w*"

" Strings
syn match forgeEscape "\\[nt\"\\]\|\\u{\x\+}" contained
syn region forgeInterpolation matchgroup=forgeSpecial start="\\(" end=")" contained contains=@forgeExpression
syn region forgeParens start="(" end=")" contained transparent contains=@forgeExpression
syn region forgeString start=/#\@1<!"/ end=/"/ end=/$/ keepend extend contains=forgeEscape,forgeInterpolation
syn region forgeRawString start=/#\@1<!#"/ end=/"#/ end=/$/ keepend extend contains=forgeRawInterpolation
syn region forgeRawString start=/\z(##\+\)"/ end=/"\z1/ end=/$/ keepend
syn region forgeText start=/#\@1<!"""/ end=/"""/ keepend extend contains=forgeEscape,forgeInterpolation
syn region forgeRawText start=/#\@1<!#"""/ end=/"""#/ keepend extend contains=forgeRawInterpolation
syn region forgeRawText start=/\z(##\+\)"""/ end=/"""\z1/ keepend
syn region forgeRawInterpolation matchgroup=forgeSpecial start="\\#(" end=")" contained contains=@forgeExpression

" Comments
syn keyword forgeTodo TODO FIXME contained
syn match forgeComment "//.*" contains=forgeTodo,@Spell
syn match forgeDocComment "///\%([^/].*\)\=$\|//!.*" contains=forgeTodo,@Spell

syn cluster forgeExpression contains=forgeType,forgeBuiltinType,forgeNumber,forgeQuantity,forgeDuration,forgeQuoted,
      \forgeFunction,forgeOperator,forgeConditional,forgeRepeat,forgeOperatorWord,forgeKeyword,forgeBoolean,forgeNull,
      \forgeSelf,forgeMember,forgeProperty,forgeString,forgeRawString,forgeText,forgeRawText,forgeParens

syn sync minlines=200

hi def link forgeType Type
hi def link forgeBuiltinType Type
hi def link forgeNumber Number
hi def link forgeQuantity Number
hi def link forgeDuration Number
hi def link forgeFunction Function
hi def link forgeOperator Operator
hi def link forgeConditional Conditional
hi def link forgeRepeat Repeat
hi def link forgeOperatorWord Keyword
hi def link forgeKeyword Keyword
hi def link forgeBoolean Boolean
hi def link forgeNull Constant
hi def link forgeSelf Special
hi def link forgeMember Identifier
hi def link forgeProperty Identifier
hi def link forgeInclude Include
hi def link forgeImportAs Include
hi def link forgeDeclaration Structure
hi def link forgeStatement Statement
hi def link forgeAnnotation PreProc
hi def link forgeEscape SpecialChar
hi def link forgeSpecial Special
hi def link forgeString String
hi def link forgeRawString String
hi def link forgeText String
hi def link forgeRawText String
hi def link forgeTodo Todo
hi def link forgeComment Comment
hi def link forgeDocComment SpecialComment

let b:current_syntax = "forge"
