//! The table of foreign syntax: forms of other languages, how they are written here, and what the parser reads in their place.
//!
//! A row applies where its pattern matches the terminals around the one at which the parser stopped, that one included. The first row
//! that applies is taken. In the texts `{0}` to `{3}` are for the source of the matched tokens.

use forge_base::{Code, Diag, Span};

use super::super::terminal::{Edit, Keyword, Nonterminal, Terminal};
use super::super::{BodyKind, Parser};
use super::{Broken, Context};
use crate::token::TokenKind::{self, *};
use Keyword::{Check, Delete, Else, Fn, For, If, Import, Let, Match, Where};
use Pattern::*;
use Recovery::*;

/// Where a row applies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Anywhere,
    /// At the first terminal of an item: any, or one of a module, a schema or an object.
    Item,
    Module,
    Schema,
    Object,
    /// At the first terminal of a parameter or of a `match` arm.
    Param,
    Arm,
    /// Anywhere in an import, or in the head of a function or schema.
    Import,
    FnHead,
    SchemaHead,
    /// After the path that begins an item: of any item, of an item of an object or a test, of an item of a test.
    Path,
    ObjectPath,
    TestPath,
    /// At the end of a path of several names that begins an item of a module.
    ImportPath,
    /// In a type, in an expression, in a condition.
    Type,
    Value,
    Condition,
    /// Where an operand of an expression must begin.
    Operand,
    /// In the element type of a list or map.
    MapType,
    /// In an expression that a `:` follows.
    Ternary,
    /// In the condition of an `if` that no block follows.
    BareIf,
}

/// What one terminal has to be.
#[derive(Clone, Copy)]
enum Pattern {
    /// One of these words, none of which is a keyword there.
    W(&'static str),
    Name,
    Upper,
    Lower,
    Op(TokenKind),
    /// An operator that touches the token before.
    Glued(TokenKind),
    Key(Keyword),
    Keys(&'static [Keyword]),
    /// `=`, `+=`, `:` or `.`.
    Sets,
    Str,
    /// A string that touches the token before.
    GluedStr,
    /// A binary operator that cannot begin an operand.
    Binary,
    /// A literal or a list.
    Literal,
    Paren,
    Bracket,
    Brace,
    /// Braces that hold `name: Type`.
    TypeBrace,
    Block,
    Any,
    /// The end of the item.
    End,
}

/// What is parsed in the place of the matched tokens, and which fix that is.
#[derive(Clone, Copy)]
enum Recovery {
    /// A token becomes another; the fix is certain.
    Replace(usize, &'static str),
    /// As [`Recovery::Replace`], but only a proposal.
    Propose(usize, &'static str),
    /// Two tokens become one.
    Join(usize, &'static str),
    /// A token is inserted before one.
    Insert(usize, &'static str),
    /// A token is left out.
    Remove(usize),
    /// The tokens from one to the next brace are left out.
    RemoveHead(usize),
    /// The expression or type that begins with a token is an error.
    Error(usize),
    /// The expression around is an error.
    ErrorAround,
    /// The item is an error.
    Item,
    /// The item and what follows on its line are an error.
    Line,
    /// A word becomes the keyword that it is elsewhere.
    Reread(usize),
    /// A keyword becomes a name, which needs backticks.
    Rename(usize),
    /// A token becomes the pattern that matches everything.
    Wildcard(usize),
    /// Everything else, by name.
    With(Special),
}

/// Recoveries that move tokens.
#[derive(Clone, Copy)]
pub(super) enum Special {
    /// `Int port` becomes `port: Int`.
    TypeFirst,
    /// `port?: Int` becomes `port: Int?`.
    QuestionAfterName,
    /// `"a-b": Int` becomes `` `a-b`: Int ``.
    QuotedField,
    /// `...rest` among parameters gets a default.
    RestParam,
    /// `elif` becomes `else if`.
    ElseIf,
    /// `in { … } { … }` becomes `in ({ … }) { … }`.
    ObjectInHead,
    /// `for (x in xs)` loses its parentheses.
    ParenthesesOfFor,
    /// `a.b.{c}` becomes `import a.b.{c}`.
    Import,
    /// `a == b` in a test becomes `assert a == b`.
    Assert,
    /// `List<T>` and what follows up to the closing bracket are an error.
    TypeArguments,
}

/// A row of the table.
struct Foreign {
    context: In,
    pattern: &'static [Pattern],
    headline: &'static str,
    label: &'static str,
    help: &'static str,
    recovery: Recovery,
}

macro_rules! foreign_syntax {
    ($($context:ident [$($pattern:expr),*] $headline:literal, $label:literal, $help:literal => $recovery:expr;)*) => {
        const FOREIGN: &[Foreign] = &[$(Foreign {
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
    // Declarations
    Item [W("enum"), Name, Brace] "there is no `enum`; a type lists its values", "not a keyword",
        "write `type {1} = \"a\" | \"b\"`" => Item;
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
    Value [W("lambda function func"), Any] "a function without a name is written `x => …`", "not a keyword",
        "with several parameters `(a, b) => a + b`, with steps `x => { let y = x * 2, y + 1 }`" => Error(0);
    Operand [Op(Pipe)] "a lambda has no `|`", "its parameters precede `=>`",
        "write `x => x + 1`, and with several parameters `(a, b) => a + b`" => Error(0);
    Value [Any, Op(Arrow)] "`->` where `=>` is meant", "`->` is for function types", "" => Replace(1, "=>");
    Arm [Any, Op(Arrow)] "`->` where `=>` is meant", "`->` is for function types", "" => Replace(1, "=>");
    // Values and operators
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
    Value [Op(Lt), Glued(Gt)] "there is no `<>`", "not an operator", "" => Join(0, "!=");
    Value [Op(Pipe)] "the operator is written `||`, not `|`", "not an operator", "" => ErrorAround;
    Value [Op(Ellipsis)] "unexpected `...`", "a spread is an item or element of its own: `...xs`", "" => ErrorAround;
    Value [Op(At)] "unexpected `@`", "an annotation precedes a declaration or field", "" => ErrorAround;
    Value [Key(Let)] "unexpected `let`", "`let` begins an item", "" => ErrorAround;
    // Types
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

/// The terminal that is written as `text`.
fn terminal(text: &str) -> Terminal {
    use logos::Logos;
    match (Keyword::of(text), TokenKind::lexer(text).next()) {
        (Some(keyword), _) => Terminal::Keyword(keyword),
        (None, Some(Ok(kind))) => Terminal::Op(kind),
        _ => Terminal::Error,
    }
}

impl Parser<'_> {
    /// Applies the first row of the table that fits where the parser stopped. `None` if there is none; false if the item is an error.
    pub(super) fn foreign_syntax(&mut self, broken: &mut Broken, cx: &Context, at: usize) -> Option<bool> {
        for row in FOREIGN {
            let count = row.pattern.len();
            let first = (at.saturating_sub(count - 1).max(1)..=at).find(|&first| self.fits(row, broken, cx, first, at));
            if let Some(first) = first {
                return Some(self.take_row(row, broken, first, at));
            }
        }
        None
    }

    fn fits(&self, row: &Foreign, broken: &Broken, cx: &Context, first: usize, at: usize) -> bool {
        let mut pattern = row.pattern.iter().enumerate();
        pattern.all(|(index, pattern)| self.fits_one(*pattern, broken, first + index))
            && self.is_in(row.context, broken, cx, first, at)
    }

    fn fits_one(&self, pattern: Pattern, broken: &Broken, at: usize) -> bool {
        let Some(&placed) = broken.row.get(at) else { return matches!(pattern, End) };
        let here = placed.terminal;
        let starts = |test: fn(char) -> bool| self.word_of(broken, at).starts_with(test);
        let is_glued = at > 0 && broken.row[at - 1].end == placed.start;
        match pattern {
            W(words) => {
                let word = self.word_of(broken, at);
                !word.is_empty() && words.split(' ').any(|other| other == word)
            }
            Name => matches!(here, Terminal::Word(_)),
            Upper => starts(char::is_uppercase),
            Lower => starts(|c| c.is_ascii_lowercase() || c == '_'),
            Op(kind) => here == Terminal::Op(kind),
            Glued(kind) => here == Terminal::Op(kind) && is_glued,
            Key(keyword) => here == Terminal::Keyword(keyword),
            Keys(keywords) => matches!(here, Terminal::Keyword(keyword) if keywords.contains(&keyword)),
            Sets => matches!(here, Terminal::Op(Eq | PlusEq | Colon | Dot)),
            Str => matches!(here, Terminal::Str(_)),
            GluedStr => matches!(here, Terminal::Str(open) if is_glued && !self.is_open(open)),
            Binary => matches!(
                here,
                Terminal::Op(Plus | Star | Percent | AndAnd | OrOr | Coalesce | NotEq | Lt | Le | Gt | Ge)
            ),
            Literal => {
                use Keyword::{False, Null, True};
                use Terminal::{Bracket, Duration, Float, Int, Quantity};
                matches!(here, Terminal::Str(_) | Int(_) | Float(_) | Quantity(_) | Duration(_) | Bracket(_))
                    || matches!(here, Terminal::Keyword(True | False | Null))
            }
            Paren => matches!(here, Terminal::Paren(_)),
            Bracket => matches!(here, Terminal::Bracket(_)),
            Brace => matches!(here, Terminal::Brace(_) | Terminal::Block(_)),
            TypeBrace => {
                let colon = self.tree.get(placed.index + 2).is_some_and(|token| token.kind == Colon);
                colon && matches!(here, Terminal::Brace(_) | Terminal::Block(_))
            }
            Block => matches!(here, Terminal::Block(_)),
            Any => true,
            End => false,
        }
    }

    fn is_in(&self, context: In, broken: &Broken, cx: &Context, first: usize, at: usize) -> bool {
        let is_first = |goal: Nonterminal| broken.goal == goal && first == 1;
        let in_body = |kind: BodyKind| is_first(Nonterminal::Item) && self.body_kind == kind;
        let is_path = || first == at && broken.is_path(at) && cx.keyword.is_none();
        let in_head = |keyword: Keyword| cx.keyword == Some(keyword) && !cx.has_eq;
        match context {
            In::Anywhere => true,
            In::Item => is_first(Nonterminal::Item),
            In::Module => in_body(BodyKind::Module),
            In::Schema => in_body(BodyKind::Schema),
            In::Object => in_body(BodyKind::Object),
            In::Param => is_first(Nonterminal::Param),
            In::Arm => broken.goal == Nonterminal::Arm && broken.find(1, |t| t == Terminal::Op(FatArrow)) >= at,
            In::Path => is_path(),
            In::ObjectPath => is_path() && matches!(self.body_kind, BodyKind::Object | BodyKind::Test),
            In::TestPath => is_path() && self.body_kind == BodyKind::Test,
            In::ImportPath => first + 1 == at && at > 2 && broken.is_path(at) && self.body_kind == BodyKind::Module,
            In::Import => in_head(Import),
            In::FnHead => in_head(Fn) && (cx.has_params || broken.find(1, |t| matches!(t, Terminal::Paren(_))) == at),
            In::SchemaHead => in_head(Keyword::Schema),
            In::Type => cx.in_type || broken.goal == Nonterminal::Type,
            In::Value => !cx.in_type && self.is_value(broken, cx, first),
            In::Operand => {
                let follows_operand = broken.row[at - 1].terminal.ends_operand();
                !follows_operand && (at == 1 || self.is_in(In::Value, broken, cx, first, at))
            }
            In::MapType => broken.goal == Nonterminal::Type,
            In::Ternary => {
                let has_colon = broken.find(first, |t| t == Terminal::Op(Colon)) < broken.row.len();
                has_colon && self.is_in(In::Value, broken, cx, first, at)
            }
            In::Condition => !cx.in_type && is_condition(broken, at),
            In::BareIf => is_bare_if(broken, cx, at),
        }
    }

    /// Whether an expression is being parsed at a place.
    fn is_value(&self, broken: &Broken, cx: &Context, first: usize) -> bool {
        use Keyword::{Assert, Fails, Snapshot};
        match broken.goal {
            Nonterminal::Item => {
                let is_claim = matches!(cx.keyword, Some(Check | Assert | Fails | Snapshot | If | For));
                first > 1 && (cx.has_eq || is_claim || broken.is_op(1, Ellipsis))
            }
            Nonterminal::Param => cx.has_eq,
            Nonterminal::Expr | Nonterminal::Element => true,
            Nonterminal::Arm => broken.find(1, |t| t == Terminal::Op(FatArrow)) < first,
            Nonterminal::Type => false,
        }
    }

    /// Reports a row and edits the terminals as it says.
    fn take_row(&mut self, row: &Foreign, broken: &mut Broken, first: usize, at: usize) -> bool {
        let mark = match row.recovery {
            Replace(at, _) | Propose(at, _) | Join(at, _) | Insert(at, _) | Remove(at) | RemoveHead(at) => first + at,
            Reread(at) | Rename(at) | Wildcard(at) | Error(at) => first + at,
            ErrorAround if matches!(row.pattern, [_, Glued(_), ..]) => first,
            ErrorAround => at.min(first + row.pattern.len() - 1),
            With(Special::ObjectInHead | Special::ParenthesesOfFor) => first + 1,
            Item | Line | With(_) => first,
        };
        let fill = |text: &str| {
            (0..row.pattern.len()).fold(text.to_owned(), |text, at| {
                let hole = format!("{{{at}}}");
                if text.contains(&hole) { text.replace(&hole, self.source_of(broken, first + at)) } else { text }
            })
        };
        let mut diag =
            Diag::error(row_code(row), fill(row.headline)).at(self.span_of_row(row, broken, mark), row.label);
        if !row.help.is_empty() {
            diag = diag.help(fill(row.help));
        }
        let diag = self.with_row_fix(row, broken, mark, diag);
        if let With(special) = row.recovery {
            return self.take_special(special, broken, first, diag);
        }
        broken.report(diag);
        self.edit_by(row.recovery, broken, mark, at)
    }

    fn span_of_row(&self, row: &Foreign, broken: &Broken, mark: usize) -> Span {
        let span = self.place_of(broken, mark);
        let pairs = match row.pattern {
            [.., Glued(_)] | [Glued(_), ..] | [_, Glued(_), ..] => true,
            _ => matches!(row.recovery, With(Special::TypeFirst)),
        };
        if pairs { span.to(self.place_of(broken, mark + 1)) } else { span }
    }

    fn with_row_fix(&self, row: &Foreign, broken: &Broken, mark: usize, diag: Diag) -> Diag {
        let span = self.place_of(broken, mark);
        let next = self.place_of(broken, mark + 1);
        match row.recovery {
            // `not x` is `!x`, and `name: value` is `name = value`.
            Replace(_, "!") => diag.fix("write `!`", self.at(span.start, next.start), "!"),
            Replace(_, ".") if broken.is_op(mark - 1, Dot) => diag.fix("remove it", span, ""),
            Replace(_, text) => {
                let gap = self.text[..span.start as usize].ends_with(' ');
                let pad = if gap || !matches!(text, "=" | "=>") { "" } else { " " };
                diag.fix(format!("write `{text}`"), span, format!("{pad}{text}"))
            }
            Propose(_, "..<") => diag.maybe_fix("write `..=`, with the end", span, "..=").maybe_fix(
                "write `..<`, without the end",
                span,
                "..<",
            ),
            Propose(_, text) => diag.maybe_fix(format!("write `{text}`"), span, text),
            Join(_, text) => diag.fix(format!("write `{text}`"), span.to(next), text),
            Insert(_, text) => {
                let before = self.end_before(broken, mark);
                let padded = match text {
                    ":" | "," => text.to_owned(),
                    "for" | "type" | "schema" => format!("{text} "),
                    _ => format!(" {text}"),
                };
                let before = if padded.ends_with(' ') { span.at_start() } else { before };
                diag.fix(format!("write `{text}`"), before, padded)
            }
            Remove(_) if matches!(row.pattern, [.., GluedStr]) => diag.maybe_fix("remove it", span, ""),
            Remove(_) => diag.fix("remove it", self.at(span.start, next.start), ""),
            Rename(_) => {
                let word = self.source_of(broken, mark);
                diag.fix(format!("write `` `{word}` ``"), span, format!("`{word}`"))
            }
            Wildcard(_) => diag.fix("write `_`", span, "_"),
            Error(_) if matches!(row.pattern, [Name, Op(Arrow)]) => {
                let ours = format!("({})", self.source_of(broken, mark));
                diag.fix(format!("write `{ours}`"), span, ours)
            }
            _ => diag,
        }
    }

    fn edit_by(&mut self, recovery: Recovery, broken: &mut Broken, mark: usize, at: usize) -> bool {
        let index = broken.index(mark);
        match recovery {
            Replace(_, text) | Propose(_, text) => self.apply(broken, index, Edit::Replace(terminal(text))),
            Join(_, text) => {
                broken.edits.push((broken.index(mark + 1), Edit::Skip(broken.index(mark + 2))));
                self.apply(broken, index, Edit::Replace(terminal(text)));
            }
            Insert(_, text) => self.apply(broken, index, Edit::Insert(terminal(text))),
            Remove(_) if mark == 1 => {
                // What follows is the first token now, and a keyword perhaps.
                broken.start = broken.index(2);
                self.reread(broken);
            }
            Remove(_) => self.apply(broken, index, Edit::Skip(broken.index(mark + 1))),
            RemoveHead(_) => {
                let brace = broken.find(mark, |terminal| matches!(terminal, Terminal::Brace(_)));
                self.apply(broken, index, Edit::Skip(broken.index(brace)));
            }
            Reread(_) => {
                let keyword = terminal(self.source_of(broken, mark));
                self.apply(broken, index, Edit::Replace(keyword));
            }
            Rename(_) => self.apply(broken, index, Edit::Replace(Terminal::Word(index as u32))),
            Wildcard(_) => self.apply(broken, index, Edit::Replace(Terminal::Hole)),
            Error(_) => {
                let open = (0..mark).rev().find(|&open| self.opens_region(broken, open, mark));
                let Some(open) = open else { return false };
                let end = self.region_end(broken, open, at.max(mark));
                return self.cut_range(broken, mark, end);
            }
            ErrorAround => {
                let is_bare =
                    |broken: &Broken, open: usize| matches!(broken.terminal(open), Some(Terminal::Keyword(If)));
                let opens = |open: &usize| self.opens_region(broken, *open, at) && !is_bare(broken, *open);
                let Some(open) = (0..at).rev().find(opens) else { return false };
                broken.resume_at = self.end_of_else(broken.end).or(broken.resume_at);
                return self.cut_after(broken, open, at);
            }
            Line => {
                broken.resume_at = Some(self.end_of_line(broken.end));
                return false;
            }
            Item | With(_) => return false,
        }
        true
    }
}

/// A missing token has a code of its own.
fn row_code(row: &Foreign) -> Code {
    if row.headline.starts_with("missing") { Code::MISSING_VALUE } else { Code::SYNTAX }
}

/// Whether the innermost operand at `at` is a condition.
fn is_condition(broken: &Broken, at: usize) -> bool {
    use Keyword::Assert;
    let opening = broken.row[1..at].iter().rev().map(|placed| placed.terminal).find(|terminal| {
        matches!(
            terminal,
            Terminal::Keyword(If | Match | Assert | Check) | Terminal::Op(FatArrow | Eq) | Terminal::Block(_)
        )
    });
    match opening {
        Some(Terminal::Op(Eq) | Terminal::Block(_)) => false,
        Some(_) => at > 2,
        None => broken.goal == Nonterminal::Expr && at > 1,
    }
}

/// Whether `at` is in the condition of an `if` without braces that is a value.
fn is_bare_if(broken: &Broken, cx: &Context, at: usize) -> bool {
    let Some((If, head)) = cx.head else { return false };
    let has_block = broken.find(head, |terminal| matches!(terminal, Terminal::Block(_))) < broken.row.len();
    let has_else = broken.find(at, |terminal| terminal == Terminal::Keyword(Else)) < broken.row.len();
    let is_then = matches!(broken.terminal(at), Some(Terminal::Op(Colon) | Terminal::Word(_)));
    let is_value = !(broken.goal == Nonterminal::Item && head == 1);
    at > head + 1 && !has_block && is_value && (has_else || is_then)
}
