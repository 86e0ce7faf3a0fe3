//! The table of foreign syntax: forms of other languages, how they are written here, and what the parser reads in their place.
//!
//! A row applies where its pattern matches the terminals around the one at which the parser stopped, that one included. The first row
//! that applies is taken. In the texts `{0}` to `{3}` stand for the source of the matched tokens.

use super::row::Pattern::*;
use super::row::Recovery::*;
use super::row::{Foreign, In, Special};
use crate::parser::terminal::Keyword::{self, Check, Delete, Else, Fn, For, If, Import, Let, Match, Where};
use crate::token::TokenKind::*;

macro_rules! foreign_syntax {
    ($($context:ident [$($pattern:expr),*] $headline:literal, $label:literal, $help:literal => $recovery:expr;)*) => {
        pub(super) const FOREIGN: &[Foreign] = &[$(Foreign {
            context: In::$context,
            pattern: &[$($pattern),*],
            headline: $headline,
            label: $label,
            help: $help,
            recovery: $recovery,
        }),*];
    };
}

foreign_syntax! {
    // Words before declarations
    Item [W("pub export public"), Name] "there is no `{0}`", "not a keyword",
        "other modules can import each name that does not begin with `_`" => Remove(0);
    Item [W("private protected"), Name] "there is no `{0}`", "not a keyword",
        "a name that begins with `_` is private to its module" => Remove(0);
    Item [W("mut readonly final static async override"), Name] "there is no `{0}`", "not a keyword",
        "values are immutable; a refinement creates a new value" => Remove(0);
    Item [W("optional"), Name] "there is no `{0}`", "not a keyword", "an optional field is nullable: `name: Type?`" => Remove(0);
    Item [W("required"), Name] "there is no `{0}`", "not a keyword", "a field without a default is required" => Remove(0);
    Item [Key(Let), W("mut readonly final static"), Name] "there is no `{1}`", "not a keyword",
        "values are immutable; a refinement creates a new value" => Remove(1);
    Schema [W("hidden"), Name] "there is no `hidden`", "not a keyword",
        "a value that is not written is `let name = …`; a field that the output must not have is null" => Remove(0);
    Item [W("hidden"), Name] "there is no `hidden`; a value that is not written is a `let`", "not a keyword", "" => Propose(0, "let");
    Schema [W("pass"), End] "there is no `pass`", "not a keyword", "the body of a schema without fields is `{}`" => Item;
    Schema [W("mixin"), Any] "a schema has one parent, and no mixins", "not a keyword",
        "write `schema Child extends Parent { … }`, or make one of them the type of a field" => Item;
    Schema [Op(Ellipsis), End] "a schema that takes other fields as well is `open`", "not here",
        "write `open schema Name { … }`" => Item;
    Module [W("amends extends"), Str] "there is no `{0}`", "a module has no parent",
        "import the module, and refine its values: `web = base.web { … }`" => Item;
    // Declarations
    Item [W("enum"), Name, Brace] "there is no `enum`; a type lists its values", "not a keyword",
        "write `type {1} = \"a\" | \"b\"`" => Item;
    Module [W("impl"), Upper] "there is no `impl`", "not a keyword", "the methods of a schema are in its body" => Item;
    Module [W("module package namespace"), Name] "there is no `{0}`", "a file is a module",
        "`a/b.forge` is the module `a.b` of its package" => Item;
    Module [W("schema test"), Brace] "missing name after `{0}`", "a name must follow", "" => Reread(0);
    Module [W("import"), Brace, Name] "an import names the module first", "not in this order",
        "write `import a.b.{c}`, with the path of the module first" => Item;
    Module [Upper, TypeBrace] "missing `schema` before `{0}`", "`schema` must precede it", "" => Insert(0, "schema");
    Module [Upper, W("extends"), Name] "missing `schema` before `{0}`", "`schema` must precede it", "" => Insert(0, "schema");
    Module [Name, Op(Lt), Upper] "missing `fn` before `{0}`", "`fn` must precede it", "" => Line;
    Schema [Name, TypeBrace] "missing `:` before the type of `{0}`", "`:` must precede it", "" => Insert(1, ":");
    Module [W("type"), Op(Eq), Any, Op(Pipe)] "missing name after `type`", "a name must follow", "" => Reread(0);
    Module [Upper, Op(Eq), Any, Op(Pipe)] "missing `type` before `{0}`", "`type` must precede it", "" => Insert(0, "type");
    Module [W("type"), Op(Eq), Any, Key(Where)] "missing name after `type`", "a name must follow", "" => Reread(0);
    Module [Upper, Op(Eq), Any, Key(Where)] "missing `type` before `{0}`", "`type` must precede it", "" => Insert(0, "type");
    Item [Name, W("in"), Any] "missing `for` before `{0}`", "`for` must precede it", "" => Insert(0, "for");
    Item [Key(Let), Name, Upper] "missing `:` before the type of `{1}`", "`:` must precede it", "" => Insert(2, ":");
    Item [Key(Let), Name, Bracket] "missing `:` before the type of `{1}`", "`:` must precede it", "" => Insert(2, ":");
    ImportPath [Op(Dot), Brace] "missing `import`", "an import must begin with it", "" => With(Special::Import);
    ImportPath [Name, End] "missing `import`", "an import must begin with it", "" => With(Special::Import);
    Module [W("from"), Name] "an import names the module first", "not in this order",
        "write `import a.b.{c}`, with the path of the module first" => Line;
    Item [W("class struct interface record trait object"), Name] "there is no `{0}`; the keyword is `schema`", "not a keyword", ""
        => Propose(0, "schema");
    Item [W("def func function fun method"), Name] "there is no `{0}`; the keyword is `fn`", "not a keyword", "" => Propose(0, "fn");
    Item [W("const var val local"), Name] "there is no `{0}`; the keyword is `let`", "not a keyword", "" => Propose(0, "let");
    Module [W("typealias typedef enum"), Name] "there is no `{0}`; the keyword is `type`", "not a keyword", "" => Propose(0, "type");
    Module [W("use include require"), Name] "there is no `{0}`; the keyword is `import`", "not a keyword", "" => Propose(0, "import");
    Module [W("variable param option"), Name] "there is no `{0}`; the keyword is `input`", "not a keyword", "" => Propose(0, "input");
    Schema [W("assertion require_that ensure validate"), Name] "there is no `{0}`; the keyword is `check`", "not a keyword", ""
        => Propose(0, "check");
    Module [W("test"), Name] "the name of a test is a string", "not a string", "write `test \"what holds\" { … }`" => Item;
    Module [W("test"), Paren] "the name of a test is a string", "not in parentheses", "write `test \"what holds\" { … }`" => Item;
    Module [W("variable param"), Str] "a block takes no labels", "braces follow a name",
        "a value from the command line is declared with `input name: Type = default`" => Item;
    Module [W("output locals"), Str] "a block takes no labels", "braces follow a name",
        "a value is named with `let name = …`, a field with `name = …`" => Item;
    Module [Name, Str, Str] "a block takes no labels", "braces follow a name",
        "what is built is a field with a value: `name = Schema { … }`" => Item;
    Module [Name, Str, Brace] "a block takes no labels", "braces follow a name",
        "what is built is a field with a value: `name = Schema { … }`" => Item;
    Schema [Key(Check), Op(Colon), Upper] "`{0}` needs backticks to be a name", "a keyword", "" => Rename(0);
    Schema [Key(Check), Op(Colon)] "each check is an item of its own", "there is no block of checks",
        "write `check condition, \"message\"` for each condition" => Indented;
    Item [Name, Op(Colon), Name, Op(Colon)] "a field is set with `=`, not `:`", "a colon gives a type",
        "a field of `{0}` is written `{0} = { {2} = … }`, or `{0} { {2} = … }` to change what it has" => Item;
    Object [W("when"), Paren] "there is no `when`; the keyword is `if`", "not a keyword", "" => Propose(0, "if");
    Object [W("dynamic"), Str] "a block takes no labels", "braces follow a name",
        "blocks that repeat are the items of a list: `name = [for x in xs { … }]`" => Item;
    Object [Bracket, Any] "the key of an entry has no brackets", "not a key",
        "write `\"key\" = value`, and `\"\\(key)\" = value` for a computed key" => Item;
    Item [Op(Minus), Glued(Minus)] "`---` does not separate documents", "this does not continue the line before",
        "each resource is a document of its own; remove the line" => Item;
    Item [Keys(&[If, For, Check, Delete]), Sets] "`{0}` needs backticks to be a name", "a keyword", "" => Rename(0);
    Object [Keys(&[Let, Fn]), Op(Colon)] "`{0}` needs backticks to be a name", "a keyword", "" => Rename(0);
    Item [Op(Minus), Literal, End] "a line that begins with `-` begins a new item", "this does not continue the line before",
        "to subtract, end the line before with `-`; a list is written `[a, b]`" => Item;
    Item [Op(Minus), Any] "a line that begins with `-` begins a new item", "this does not continue the line before",
        "to subtract, end the line before with `-`; a list is written `[a, b]`" => Item;
    Item [W("is in match"), Any] "a line that begins with `{0}` begins a new item", "this does not continue the line before",
        "end the line before with it, or put the whole expression in parentheses" => Item;
    // Imports
    Import [Key(Import), Str] "an import names a module, not a file", "not a string",
        "`a/b.forge` is the module `a.b` of its package" => Item;
    Import [Key(Import), Brace] "an import names the module first", "not in this order",
        "write `import a.b.{c}`, with the path of the module first" => Item;
    Import [Key(Import), Name, W("from")] "an import names the module first", "not in this order",
        "write `import a.b as c`, with the path of the module first" => Item;
    Import [Op(Star)] "an import names what it takes", "there is no import of everything",
        "list the names, as in `import a.b.{c, d}`, or import the module and write `b.c`" => Item;
    Import [Op(Dot), Op(Slash)] "the parts of a module path are separated by dots", "not the path of a file", "" => Remove(1);
    Import [Op(DotDot), Op(Slash)] "the parts of a module path are separated by dots", "not the path of a file", "" => Remove(1);
    Import [Op(Slash)] "the parts of a module path are separated by dots", "not the path of a file", "" => Replace(0, ".");
    // Schemas and fields
    SchemaHead [Key(Keyword::Schema), Name, Name] "missing `extends` before `{2}`", "`extends` must precede it", "" => Insert(2, "extends");
    SchemaHead [Op(Comma), Name] "a schema has one parent", "a second one",
        "let the parent extend the other, or make one of them the type of a field" => RemoveHead(0);
    SchemaHead [Op(Eq), Brace] "the body of a schema follows its name", "no `=` here", "" => Remove(0);
    SchemaHead [Op(Lt)] "a schema has no type parameters", "schemas are not generic",
        "name the types that a field may have, as in `x: A | B`; functions are generic: `fn f<T>(x: T): T`" => Item;
    SchemaHead [Bracket] "a schema has no type parameters", "schemas are not generic",
        "name the types that a field may have, as in `x: A | B`; functions are generic: `fn f<T>(x: T): T`" => Item;
    SchemaHead [Op(Colon)] "the parent of a schema follows `extends`", "not after the name",
        "write `schema Child extends Parent { … }`" => RemoveHead(0);
    SchemaHead [Paren] "the parent of a schema follows `extends`", "not after the name",
        "write `schema Child extends Parent { … }`" => RemoveHead(0);
    Schema [Upper, Lower, End] "a type follows the name of its field", "the other way round", "" => With(Special::TypeFirst);
    Schema [Upper, Lower, Op(Eq)] "a type follows the name of its field", "the other way round", "" => With(Special::TypeFirst);
    Schema [Name, Op(Question), Op(Colon)] "`?` follows the type, not the name", "a nullable field has a nullable type", ""
        => With(Special::QuestionAfterName);
    Schema [Str, Op(Colon)] "the name of a field is written in backticks, not in quotes", "a string is not a name", ""
        => With(Special::QuotedField);
    Schema [Name, Upper] "missing `:` before the type of `{0}`", "`:` must precede it", "" => Insert(1, ":");
    ObjectPath [Op(Colon), Glued(Colon)] "a field is set with `=`, not `::`", "a colon gives a type",
        "a value that is not written is `let name = …`" => Item;
    ObjectPath [Op(Plus), Glued(Colon)] "a field is set with `=`, not `+:`", "not an operator",
        "`name { … }` changes parts of a value, `name += …` appends to it" => Item;
    ObjectPath [Paren, Op(Colon)] "an object has no methods", "not allowed after a name",
        "`fn name(x: Int): Int = x + 1` is an item of a module or a schema; a lambda is `x => x + 1`" => Item;
    Path [Op(Pipe), Any] "a type follows `:`, not `|`", "`|` joins types",
        "write `name: Type`; the default of a field follows `=`" => Item;
    ObjectPath [Op(Colon)] "a field is set with `=`, not `:`", "a colon gives a type", "" => Replace(0, "=");
    TestPath [Op(EqEq)] "test assertions start with `assert`", "only a condition", "" => With(Special::Assert);
    Path [Op(EqEq)] "a field is set with `=`, not `==`", "`==` compares", "" => Replace(0, "=");
    Path [Op(FatArrow)] "a field is set with `=`, not `=>`", "`=>` begins the result of a lambda or `match` arm", "" => Replace(0, "=");
    Item [Key(Let), Name, Op(EqEq)] "a `let` takes its value after `=`, not `==`", "`==` compares", "" => Replace(2, "=");
    Object [W("return"), Any] "there is no `return`", "not a keyword", "the last line of a block is its value" => Item;
    Object [Name, Literal, End] "missing `=` before the value of `{0}`", "`=` must precede it", "" => Insert(1, "=");
    Item [Str, End] "a string is not an item", "nothing is set here", "comments begin with `//`, documentation with `///`" => Item;
    Item [Op(DotDot), Any] "there is no `..`", "a spread has three dots", "" => Replace(0, "...");
    Item [Op(Star), Glued(Star)] "there is no `**`", "a spread has three dots", "" => Join(0, "...");
    Item [Op(Lt), Glued(Lt)] "there is no `<<`", "YAML's merge key means nothing here",
        "the entries of another map or object are taken over with `...other`" => Item;
    ObjectPath [Binary] "these braces hold fields, not a value", "where `name = value` is expected",
        "write the value without braces; with steps before it, `{ let y = 1, y + 1 }`" => Item;
    Path [Bracket, End] "missing `=` before the value of the field", "`=` must precede it", "" => Insert(0, "=");
    Path [Bracket] "a path has no `[…]`", "not in a path",
        "an entry or element is reached by its key, as in `a.key` or `a.\"other/key\"`; the items of a plain list are not" => Item;
    Item [Brace] "unexpected `{`", "braces follow a name, on the same line: `name { … }`", "" => Item;
    // Functions and parameters
    FnHead [Op(FatArrow)] "the body of a function follows `=`", "`=>` is for lambdas and `match` arms", "" => Replace(0, "=");
    FnHead [Op(Arrow)] "the result type of a function follows `:`", "`->` is for function types", "" => Replace(0, ":");
    FnHead [Paren, Name] "the result type of a function follows `:`", "a colon must precede it", "" => Insert(1, ":");
    FnHead [Paren, TypeBrace] "the result type of a function follows `:`", "a colon must precede it", "" => Insert(1, ":");
    FnHead [Paren, Bracket] "the result type of a function follows `:`", "a colon must precede it", "" => Insert(1, ":");
    Param [Upper, Lower, End] "a type follows the name of its parameter", "the other way round", "" => With(Special::TypeFirst);
    Param [Upper, Lower, Op(Eq)] "a type follows the name of its parameter", "the other way round", "" => With(Special::TypeFirst);
    Param [Name, Op(Question), Op(Colon)] "`?` follows the type, not the name", "a nullable parameter has a nullable type", ""
        => With(Special::QuestionAfterName);
    Param [Op(Ellipsis), Name] "a function takes a fixed number of arguments", "not allowed before a parameter",
        "pass several values as a list: `f([a, b])`" => With(Special::RestParam);
    Param [Op(Star), Name] "a function takes a fixed number of arguments", "not allowed before a parameter",
        "pass several values as a list: `f([a, b])`" => With(Special::RestParam);
    Param [Name, Bracket] "missing `:` before the type of `{0}`", "`:` must precede it", "" => Insert(1, ":");
    Param [Name, TypeBrace] "missing `:` before the type of `{0}`", "`:` must precede it", "" => Insert(1, ":");
    Param [Name, Paren] "missing `:` before the type of `{0}`", "`:` must precede it", "" => Insert(1, ":");
    Param [Name, Upper] "missing `:` before the type of `{0}`", "`:` must precede it", "" => Insert(1, ":");
    // `match`, `if` and `for`
    Arm [W("case"), Any] "there is no `case`", "an arm begins with its pattern", "" => Remove(0);
    Arm [Key(Else), Any] "the arm for all other values is `_`, not `else`", "`else` belongs to an `if`", "" => Wildcard(0);
    Arm [Any, Op(Colon)] "the result of an arm follows `=>`, not `:`", "a colon gives a type", "" => Replace(1, "=>");
    Value [W("switch when case select"), Any] "there is no `{0}`; the keyword is `match`", "not a keyword",
        "its arms are written `pattern => value`" => Replace(0, "match");
    Anywhere [W("elif elsif elseif"), Any] "there is no `{0}`", "a further condition begins with `else if`", "" => With(Special::ElseIf);
    BareIf [W("then")] "the branches of an `if` are written in braces", "no braces after the condition",
        "write `if condition { a } else { b }`" => ErrorAround;
    BareIf [Op(Colon)] "the branches of an `if` are written in braces", "no braces after the condition",
        "write `if condition { a } else { b }`" => ErrorAround;
    BareIf [Any, Any] "the branches of an `if` are written in braces", "no braces after the condition",
        "write `if condition { a } else { b }`" => ErrorAround;
    Value [Any, Key(If)] "`if` precedes what it chooses from", "follows a value", "write `if condition { a } else { b }`" => ErrorAround;
    Value [Any, Key(For)] "`for` precedes what it yields", "follows a value",
        "write `[for x in xs { x }]`, and for a filter `[for x in xs if c { x }]`" => ErrorAround;
    Value [Key(For)] "`for` is not a value", "`for` yields the items of a list, map or body",
        "a list of what it yields is `[for x in xs { … }]`" => ErrorAround;
    Anywhere [Key(For), Name, W("of")] "a `for` iterates over what follows `in`, not `of`", "not a keyword", "" => Replace(2, "in");
    Anywhere [Key(For), Name, Name] "missing `,` between the names of a `for`", "a comma must precede it", "" => Insert(2, ",");
    Anywhere [Key(For), Paren] "the head of a `for` has no parentheses", "names follow `for`", "write `for x in xs { … }`"
        => With(Special::ParenthesesOfFor);
    Anywhere [Key(Keyword::In), Brace, Op(Colon)] "what a `for` yields is written in braces", "no colon follows the head",
        "write `[for x in xs { x }]`, and for a map `{ for x in xs { \"\\(x)\" = 1 } }`" => Item;
    Anywhere [Key(Keyword::In), Block, Brace] "an object after `{0}` is written in parentheses", "these braces open the block", ""
        => With(Special::ObjectInHead);
    Anywhere [Key(If), Block, Brace] "an object after `{0}` is written in parentheses", "these braces open the block", ""
        => With(Special::ObjectInHead);
    Anywhere [Key(Match), Block, Brace] "an object after `{0}` is written in parentheses", "these braces open the block", ""
        => With(Special::ObjectInHead);
    Condition [Op(Eq)] "values are compared with `==`, not `=`", "`=` sets a field", "" => Replace(0, "==");
    // Lambdas
    Value [Key(Fn)] "a function without a name is written `x => …`", "not a keyword here",
        "with several parameters `(a, b) => a + b`, with steps `x => { let y = x * 2, y + 1 }`" => Error(0);
    Value [W("function func"), Paren, Any] "a function without a name is written `x => …`", "not a keyword",
        "with several parameters `(a, b) => a + b`, with steps `x => { let y = x * 2, y + 1 }`" => Error(0);
    Value [W("lambda function func fun"), Any] "a function without a name is written `x => …`", "not a keyword",
        "with several parameters `(a, b) => a + b`, with steps `x => { let y = x * 2, y + 1 }`" => Error(0);
    Operand [Op(Pipe)] "a lambda has no `|`", "its parameters precede `=>`",
        "write `x => x + 1`, and with several parameters `(a, b) => a + b`" => Error(0);
    Value [Any, Op(Arrow)] "`->` where `=>` is meant", "`->` is for function types", "" => Replace(1, "=>");
    Arm [Any, Op(Arrow)] "`->` where `=>` is meant", "`->` is for function types", "" => Replace(1, "=>");
    // Values and operators
    Value [W("new"), W("Mapping Listing Dynamic"), Brace] "there is no `new`", "not a keyword",
        "a map is written `{ \"key\" = value }`, a list `[a, b]`" => ErrorAround;
    Value [W("new"), Brace] "there is no `new`", "not a keyword", "a schema and its body make an instance: `S { … }`" => ErrorAround;
    Value [W("import"), Str] "an import is an item of the module", "not a value",
        "write `import .name` at the top of the file; a data file is read with `std.files`: `files.readYaml(\"a.yaml\")`" => ErrorAround;
    Value [W("error throw fail"), Str] "there is no `{0}`", "not a keyword",
        "a schema refuses values with `check condition, \"message\"`, a type with `T where condition`" => ErrorAround;
    Value [Op(Star), Name] "there are no aliases", "`*` multiplies", "a value that has a name, as in `let name = …`, is written by its name"
        => ErrorAround;
    Value [W("new"), Name] "there is no `new`", "not a keyword", "a schema and its body make an instance: `S { … }`" => Remove(0);
    Value [W("await async yield lazy"), Any] "there is no `{0}`", "not a keyword", "a value is computed when it is read" => Remove(0);
    Value [W("return"), Any] "there is no `return`", "not a keyword", "the last line of a block is its value" => Remove(0);
    Value [W("typeof"), Any] "there is no `typeof`", "not a keyword", "`is` tests a type: `x is Int`" => Error(0);
    Value [W("not"), Any] "the operator is written `!`, not `not`", "not an operator", "" => Replace(0, "!");
    Value [W("and")] "the operator is written `&&`, not `and`", "not an operator", "" => Replace(0, "&&");
    Value [W("or")] "the operator is written `||`, not `or`", "not an operator", "" => Replace(0, "||");
    Value [W("mod")] "the operator is written `%`, not `mod`", "not an operator", "" => Replace(0, "%");
    Value [W("f r b u s rf fr F R"), GluedStr] "strings have no prefix `{0}`", "not part of a string",
        "every string interpolates with `\\(value)`; a raw one is written `#\"…\"#`" => Remove(0);
    Value [Op(Question), Glued(Colon)] "there is no `?:`", "`??` gives a value for null", "" => Join(0, "??");
    Ternary [Op(Question), Any] "there is no `? :`", "`?` makes a type nullable, `??` gives a value for null",
        "write `if condition { a } else { b }`" => ErrorAround;
    Value [Name, Glued(DotDot), Name] "missing name between two dots", "a name must follow", "" => ErrorAround;
    Value [Op(DotDot)] "ambiguous range: use `..=` (inclusive) or `..<` (exclusive)", "does not say whether the end is included", ""
        => Propose(0, "..<");
    Value [Op(Star), Glued(Star)] "there is no `**`", "not an operator", "`std.math` has `pow(base, exponent)`" => ErrorAround;
    Value [Op(Plus), Glued(Plus), End] "there is no `++`", "values are immutable", "write `+ 1` where the value is used" => ErrorAround;
    Value [Op(Plus), Glued(Plus)] "there is no `++`", "`+` also joins strings and lists", "" => Join(0, "+");
    Value [Op(Colon), Glued(Colon)] "there is no `::`", "names are joined with a dot", "" => Join(0, ".");
    Operand [Op(Star), End] "there is no `[*]`", "not an index", "`xs.map(x => x.name)` reads a field of each item" => ErrorAround;
    Value [Op(Lt), Glued(Gt)] "there is no `<>`", "not an operator", "" => Join(0, "!=");
    Value [Op(Pipe)] "the operator is written `||`, not `|`", "not an operator", "" => ErrorAround;
    Value [Name, Glued(Colon), Any] "a string is written in quotes", "not a name", "write `\"{0}:…\"`" => ErrorAround;
    Value [Op(Ellipsis)] "unexpected `...`", "a spread is an item or element of its own: `...xs`", "" => ErrorAround;
    Value [Op(At)] "unexpected `@`", "an annotation precedes a declaration or field", "`+` joins lists" => ErrorAround;
    Value [Key(Let)] "unexpected `let`", "`let` begins an item", "" => ErrorAround;
    Value [Key(For), Name, Key(Keyword::In), Any, Op(Colon)] "what a `for` yields is written in braces", "no colon follows the head",
        "write `[for x in xs { x }]`, and for a map `{ for x in xs { \"\\(x)\" = 1 } }`" => ErrorAround;
    // Types
    Type [Op(Pipe), Op(Star)] "a default follows `=`", "`*` marks no default", "write `name: Type = default`" => ErrorAround;
    Type [Op(Colon), Op(Star)] "a default follows `=`", "`*` marks no default", "write `name: Type = default`" => ErrorAround;
    Type [Op(Colon), Compare] "a condition on a type follows `where`", "no type precedes it", "write `Int where it >= 1`" => ErrorAround;
    Type [Name, Paren] "a condition on a type follows `where`", "types take no arguments", "write `Int where it >= 1`" => ErrorAround;
    Type [Name, Op(Lt)] "types take no arguments", "a type with arguments", "a list is `[T]`, a map is `{K: V}`, a nullable type is `T?`"
        => With(Special::TypeArguments);
    Type [Name, Bracket] "types take no arguments", "a type with arguments", "a list is `[T]`, a map is `{K: V}`, a nullable type is `T?`"
        => With(Special::TypeArguments);
    Type [Name, Op(Arrow)] "the parameters of a function type are written in parentheses", "without parentheses", "" => Error(0);
    Type [Paren, Name] "missing `->` before the result of a function type", "`->` must precede it", "" => Insert(1, "->");
    Type [Paren, Bracket] "missing `->` before the result of a function type", "`->` must precede it", "" => Insert(1, "->");
    Type [Paren, Brace] "missing `->` before the result of a function type", "`->` must precede it", "" => Insert(1, "->");
    Type [Any, Op(FatArrow)] "`=>` where `->` is meant", "`=>` is for lambdas and `match` arms", "" => Replace(1, "->");
    MapType [Op(Colon)] "a map type is written in braces", "not in a list", "write `{K: V}`, as in `{String: Int}`" => ErrorAround;
}
