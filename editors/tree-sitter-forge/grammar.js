/**
 * @file The grammar of Forge, from docs/reference and lang/syntax.
 *
 * It accepts somewhat more than the compiler: any item may appear in any body, and a block may hold several values.
 * Rejecting these is left to the compiler.
 *
 * src/scanner.c handles what needs more than one token of lookahead: where a line ends an item, whether braces after
 * `=` and `=>` hold a block or an object, and strings.
 */
/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// From loose to tight.
const PREC = {
  lambda: 1,
  or: 2,
  and: 3,
  compare: 4,
  coalesce: 5,
  range: 6,
  sum: 7,
  product: 8,
  cast: 9,
  unary: 10,
  postfix: 11,
};

// Keywords only where an item begins and what follows does not make them the name of a field.
const ITEM_WORDS = [
  'import', 'export', 'type', 'schema', 'abstract', 'open', 'input', 'test', 'assert', 'fails', 'snapshot', 'warn',
  'late', 'each',
];

// Keywords of expressions that may name an argument: `f(match = 1)`.
const EXPRESSION_WORDS = ['if', 'for', 'let', 'match', 'true', 'false', 'null', 'self', 'super'];

const DECIMAL = /[0-9][0-9_]*/;
const FRACTION = /\.[0-9][0-9_]*/;

/** One or more, with commas between them and perhaps one at the end. */
function commas($, rule) {
  return seq(rule, repeat(seq(',', rule)), optional(','));
}

/** One or more, with separators between them and perhaps one at the end. */
function separated(separator, rule) {
  return seq(rule, repeat(seq(separator, rule)), optional(separator));
}

/** A name of any kind as a node of another kind. */
function anyName($, node) {
  return choice(alias($.identifier, node), alias($.type_identifier, node), alias($.quoted_identifier, node));
}

module.exports = grammar({
  name: 'forge',

  word: $ => $.identifier,

  externals: $ => [
    $._newline,
    $._else_ahead,
    $._block_open,
    $._arrow_block_open,
    $._let_block_open,
    $._string_start,
    $.string_content,
    $._string_end,
    $.missing_quote,
    $._interpolation_start,
    $._interpolation_end,
    $._error_sentinel,
  ],

  extras: $ => [/[\s\uFEFF]/, $.comment, $.doc_comment, $.module_comment],

  supertypes: $ => [$.item, $.expression, $.type, $.pattern],

  conflicts: $ => [
    // `import.x = 1` and `import .x`.
    [$._key, $.import],
    [$._key, $.export],
    // `import a.b` and `import a.{b}`.
    [$.module_path],
    // `fails { … } with "…"` and `fails { … }`, which refines a field.
    [$._key, $.fails_item],
    // `{ assert a, assert b }` and `{ assert a, "message" }`.
    [$.assert_item],
    // `check a, "message", at = b` and `{ check a, "message", at = b }`, which sets a field.
    [$._condition],
    // `(x)` and `(x) => …`.
    [$._name, $.parameter],
  ],

  inline: $ => [$._separator, $._element_separator],

  rules: {
    source_file: $ => optional($._items),

    // Items

    _items: $ => separated($._separator, $._annotated_item),
    _separator: $ => choice($._newline, ',', ';'),
    _annotated_item: $ => seq(repeat(seq($.annotation, optional($._newline))), $.item),

    annotation: $ => prec.right(seq('@', field('name', $._any_name), field('arguments', optional($.arguments)))),

    item: $ => choice(
      $.import,
      $.export,
      $.type_declaration,
      $.schema_declaration,
      $.function_declaration,
      $.let_declaration,
      $.input_declaration,
      $.test_declaration,
      $.field_declaration,
      $.assignment,
      $.append,
      $.refinement,
      $.typed_refinement,
      $.each_item,
      $.delete_item,
      $.spread,
      $.if_item,
      $.for_item,
      $.check_item,
      $.warn_item,
      $.assert_item,
      $.fails_item,
      $.snapshot_item,
    ),

    import: $ => prec(1, seq('import', $._import_target, optional(seq('as', field('alias', $._any_name))))),
    export: $ => prec(1, seq('export', $._import_target, optional(seq('as', field('alias', $._any_name))))),
    _import_target: $ => choice(
      seq(optional($._import_dots), field('module', $.module_path), optional(seq('.', field('names', $.import_names)))),
      seq($._import_dots, field('names', $.import_names)),
    ),
    _import_dots: $ => repeat1(choice('.', '..', '...')),
    module_path: $ => seq($._any_name, repeat(seq('.', $._any_name))),
    import_names: $ => seq('{', optional(separated($._separator, $.import_name)), '}'),
    import_name: $ => seq(field('name', $._any_name), optional(seq('as', field('alias', $._any_name)))),

    type_declaration: $ => seq('type', field('name', $._any_name), '=', field('type', $._full_type)),

    schema_declaration: $ => seq(
      repeat(choice('abstract', 'open')),
      'schema',
      field('name', $._any_name),
      optional(seq('extends', field('parent', $.type_name))),
      field('body', $.body),
    ),

    function_declaration: $ => seq(
      'fn',
      field('name', $._any_name),
      optional(field('type_parameters', $.type_parameters)),
      field('parameters', $.parameters),
      optional(seq(':', field('result', $._full_type))),
      optional(seq('=', field('body', $._item_value))),
    ),
    type_parameters: $ => seq('<', commas($, $.type_parameter), '>'),
    type_parameter: $ => seq(field('name', $._any_name), optional(seq(':', field('bound', $.type)))),
    parameters: $ => seq('(', optional(commas($, $.parameter)), ')'),
    parameter: $ => seq(
      field('name', $._any_name),
      optional(seq(':', field('type', $._full_type))),
      optional(seq('=', field('default', $._value))),
    ),

    let_declaration: $ => seq(
      'let',
      field('name', $._any_name),
      optional(seq(':', field('type', $._full_type))),
      '=',
      field('value', $._item_value),
    ),

    input_declaration: $ => seq(
      'input',
      field('name', $._any_name),
      ':',
      field('type', $._full_type),
      optional(seq('=', field('default', $._item_value))),
    ),

    test_declaration: $ => seq('test', field('name', $.string), field('body', $.body)),

    field_declaration: $ => seq(
      optional('late'),
      $._target,
      ':',
      field('type', $._full_type),
      optional(seq('=', field('value', $._item_value))),
    ),
    assignment: $ => seq($._target, '=', field('value', $._item_value)),
    append: $ => seq($._target, '+=', field('value', $._item_value)),
    refinement: $ => seq($._target, field('body', $.body)),
    typed_refinement: $ => seq($._target, ':', field('type', $._full_type), field('body', $.body)),
    each_item: $ => prec(2, seq('each', field('body', $.body))),
    delete_item: $ => seq('delete', $._target),
    spread: $ => seq('...', $._value),

    if_item: $ => seq(
      'if',
      field('condition', $._value),
      field('then', alias($._nested_body, $.body)),
      optional(seq($._else_ahead, 'else', field('else', choice(alias($._nested_body, $.body), $.if_item)))),
    ),
    for_item: $ => seq($._for_head, field('body', alias($._nested_body, $.body))),

    check_item: $ => seq('check', $._condition),
    warn_item: $ => seq('warn', $._condition),
    _condition: $ => seq(
      field('condition', $._value),
      ',',
      field('message', $._value),
      repeat(seq(',', $.check_argument)),
    ),
    check_argument: $ => prec.dynamic(1, seq(field('name', choice('at', 'code')), '=', field('value', $._value))),
    assert_item: $ => seq('assert', field('condition', $._value), optional(seq(',', field('message', $._value)))),
    fails_item: $ => prec(1, seq('fails', field('value', $._value), optional(seq('with', field('message', $._value))))),
    snapshot_item: $ => seq('snapshot', field('value', $._value)),

    // Paths: what an item sets. A path of one key is that key.

    _target: $ => choice(field('name', $._key), field('path', $.path)),
    path: $ => seq($._key, repeat1(seq('.', $._later_key))),
    _key: $ => prec(1, choice(
      anyName($, $.property),
      ...ITEM_WORDS.map(word => alias(word, $.property)),
      $.string,
      $.integer,
      $.negative_integer,
      $.tuple,
    )),
    _later_key: $ => choice(anyName($, $.property), $.string, $.integer, $.negative_integer, $.tuple),
    negative_integer: $ => seq('-', $.integer),
    tuple: $ => seq('(', commas($, $._value), ')'),

    // Braces

    body: $ => seq('{', optional($._items), '}'),
    _nested_body: $ => seq(alias($._block_open, '{'), optional($._items), '}'),

    // `let`s and a value; in a list as many values as there are.
    block: $ => seq(alias($._block_open, '{'), optional($._block_items), '}'),
    _arrow_block: $ => seq(alias($._arrow_block_open, '{'), optional($._block_items), '}'),
    _let_block: $ => seq(alias($._let_block_open, '{'), optional($._block_items), '}'),
    _block_items: $ => separated($._separator, $._element),
    _element: $ => choice($._value, $.let_declaration, $.spread, $.for_expression),

    _item_value: $ => choice($._value, alias($._let_block, $.block)),

    // Expressions

    _value: $ => choice($.expression, $.lambda),

    expression: $ => choice(
      $._name,
      $.self,
      $.super,
      $._literal,
      $.list,
      $.object,
      $.parenthesized_expression,
      $.if_expression,
      $.match_expression,
      $.member_expression,
      $.index_expression,
      $.call_expression,
      $.derived_object,
      $.non_null_expression,
      $.unary_expression,
      $.binary_expression,
      $.range_expression,
      $.is_expression,
      $.as_expression,
    ),

    lambda: $ => prec(PREC.lambda, seq(
      field('parameters', choice(anyName($, $.parameter), $.parameters)),
      '=>',
      field('body', $._arrow_body),
    )),
    _arrow_body: $ => choice($._value, alias($._arrow_block, $.block)),

    parenthesized_expression: $ => seq('(', $._value, ')'),

    list: $ => seq('[', optional(separated($._element_separator, $._element)), ']'),
    _element_separator: $ => choice($._newline, ','),
    object: $ => seq('{', optional($._items), '}'),

    if_expression: $ => prec.right(seq(
      'if',
      field('condition', $._value),
      field('then', $.block),
      optional(seq($._else_ahead, 'else', field('else', choice($.block, $.if_expression)))),
    )),
    for_expression: $ => seq($._for_head, field('body', $.block)),
    _for_head: $ => seq(
      'for',
      field('variable', $._any_name),
      optional(seq(',', field('variable', $._any_name))),
      'in',
      field('iterable', $.expression),
      optional(seq('if', field('guard', $.expression))),
    ),

    match_expression: $ => seq(
      'match',
      field('value', $._value),
      alias($._block_open, '{'),
      optional(separated($._separator, $.match_arm)),
      '}',
    ),
    match_arm: $ => seq(
      $._patterns,
      optional(seq('if', field('guard', $.expression))),
      '=>',
      field('body', $._arrow_body),
    ),
    _patterns: $ => seq(field('pattern', $.pattern), repeat(seq('|', field('pattern', $.pattern)))),
    pattern: $ => choice($._any_name, $.is_pattern, $._pattern_literal, $.range_pattern),
    is_pattern: $ => seq('is', $._postfix_type),
    range_pattern: $ => seq($._pattern_literal, choice('..=', '..<'), $._pattern_literal),
    _pattern_literal: $ => choice($._literal, alias($._negative_number, $.unary_expression)),
    _negative_number: $ => seq(field('operator', '-'), field('operand', $._number)),

    member_expression: $ => prec(PREC.postfix, seq(
      field('value', $.expression),
      choice('.', '?.'),
      field('name', anyName($, $.property)),
    )),
    index_expression: $ => prec(PREC.postfix, seq(
      field('value', $.expression),
      '[',
      separated($._element_separator, $._value),
      ']',
    )),
    call_expression: $ => prec(PREC.postfix, seq(field('function', $.expression), field('arguments', $.arguments))),
    arguments: $ => seq('(', optional(commas($, choice($._value, $.named_argument))), ')'),
    named_argument: $ => seq(
      field('name', choice(
        anyName($, $.property),
        ...EXPRESSION_WORDS.map(word => alias(word, $.property)),
      )),
      '=',
      field('value', $._value),
    ),
    derived_object: $ => prec(PREC.postfix, seq(field('base', $.expression), field('body', $.body))),
    non_null_expression: $ => prec(PREC.postfix, seq(field('value', $.expression), '!')),

    unary_expression: $ => prec(PREC.unary, seq(field('operator', choice('!', '-')), field('operand', $.expression))),

    binary_expression: $ => {
      const table = [
        [prec.left, PREC.or, ['||']],
        [prec.left, PREC.and, ['&&']],
        [prec.left, PREC.compare, ['==', '!=', '<', '<=', '>', '>=', 'in']],
        [prec.right, PREC.coalesce, ['??']],
        [prec.left, PREC.sum, ['+', '-']],
        [prec.left, PREC.product, ['*', '/', '%']],
      ];
      return choice(...table.map(([associate, level, operators]) => associate(level, seq(
        field('left', $.expression),
        field('operator', operators.length > 1 ? choice(...operators) : operators[0]),
        field('right', $.expression),
      ))));
    },
    range_expression: $ => prec.left(PREC.range, seq(
      field('start', $.expression),
      field('operator', choice('..=', '..<')),
      field('end', $.expression),
    )),
    is_expression: $ => prec.left(PREC.compare, seq(field('value', $.expression), 'is', field('type', $._is_type))),
    as_expression: $ => prec.left(PREC.cast, seq(field('value', $.expression), 'as', field('type', $._is_type))),

    self: _ => 'self',
    super: _ => 'super',

    // Types

    _full_type: $ => choice($.type, $.constrained_type),
    constrained_type: $ => seq(field('type', $.type), 'where', field('condition', $._value)),
    type: $ => choice($._is_type, $.function_type),
    _is_type: $ => choice($._postfix_type, $.union_type),
    _postfix_type: $ => choice(
      $.type_name,
      $.optional_type,
      $.list_type,
      $.map_type,
      $.record_type,
      $.parenthesized_type,
      $.literal_type,
    ),
    union_type: $ => seq($._postfix_type, repeat1(seq('|', $._postfix_type))),
    optional_type: $ => seq($._postfix_type, '?'),
    function_type: $ => seq(field('parameters', $.parameter_types), '->', field('result', $.type)),
    parameter_types: $ => seq('(', optional(commas($, $._full_type)), ')'),
    parenthesized_type: $ => seq('(', $._full_type, ')'),
    list_type: $ => seq(
      '[',
      field('element', $._full_type),
      optional(seq('by', field('key', commas($, anyName($, $.property))))),
      ']',
    ),
    map_type: $ => seq(
      '{',
      field('key', $._full_type),
      ':',
      field('value', $._full_type),
      optional($._separator),
      '}',
    ),
    record_type: $ => seq('{', optional(separated($._separator, $.record_field)), '}'),
    record_field: $ => prec(1, seq(
      field('name', choice(alias($.identifier, $.property), alias($.quoted_identifier, $.property))),
      ':',
      field('type', $._full_type),
    )),
    literal_type: $ => choice($.string, $.integer, $.negative_integer, $.boolean, $.null),
    type_name: $ => prec.right(seq($._any_name, repeat(seq('.', $._any_name)))),

    // Literals

    _literal: $ => choice($._number, $.string, $.boolean, $.null),
    _number: $ => choice($.integer, $.float, $.quantity, $.duration),
    boolean: _ => choice('true', 'false'),
    null: _ => 'null',

    integer: _ => token(choice(/0x[0-9a-fA-F_]+/, /0o[0-7_]+/, DECIMAL)),
    float: _ => token(choice(seq(DECIMAL, FRACTION), seq(DECIMAL, optional(FRACTION), /[eE][+-]?[0-9][0-9_]*/))),
    quantity: _ => token(seq(
      DECIMAL,
      optional(FRACTION),
      choice('n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'),
    )),
    duration: _ => token(seq(DECIMAL, optional(FRACTION), choice('ns', 'us', 'ms', 's', 'min', 'h', 'd'))),

    string: $ => seq(
      alias($._string_start, '"'),
      repeat(choice($.string_content, $.escape_sequence, $.interpolation)),
      choice(alias($._string_end, '"'), $.missing_quote),
    ),
    escape_sequence: _ => token.immediate(seq('\\', choice(/u\{[0-9a-fA-F]*\}/, /[^\r\n]/))),
    interpolation: $ => seq(alias($._interpolation_start, '\\('), $._value, alias($._interpolation_end, ')')),

    // Names

    _any_name: $ => choice($.identifier, $.type_identifier, $.quoted_identifier),
    _name: $ => $._any_name,
    identifier: _ => /[a-z][A-Za-z0-9_]*|_+([a-z0-9][A-Za-z0-9_]*)?/,
    type_identifier: _ => /_*[A-Z][A-Za-z0-9_]*/,
    quoted_identifier: _ => /`[^`\n]*`/,

    // Comments

    comment: _ => token(choice('//', seq('//', /[^\/!\r\n]/, /[^\r\n]*/), seq('////', /[^\r\n]*/))),
    doc_comment: _ => token(choice('///', seq('///', /[^\/\r\n]/, /[^\r\n]*/))),
    module_comment: _ => token(seq('//!', /[^\r\n]*/)),
  },
});
