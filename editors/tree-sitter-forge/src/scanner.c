// Decisions for which the grammar's one token of lookahead is not enough:
//
// - whether a line end separates items (lang/syntax/src/layout.rs),
// - whether `else` on a new line belongs to the `if` before it,
// - whether braces after `=` and `=>` hold a block or an object (lang/syntax/src/parser/lookahead.rs),
// - strings, whose `#` must match on both sides and which nest by interpolation.
//
// The only state is the stack of open strings and interpolations.

#include "tree_sitter/parser.h"

#include <stdlib.h>
#include <string.h>

enum TokenType {
  NEWLINE,
  ELSE,
  BLOCK_OPEN,
  ARROW_BLOCK_OPEN,
  LET_BLOCK_OPEN,
  STRING_START,
  STRING_CONTENT,
  STRING_END,
  MISSING_QUOTE,
  INTERPOLATION_START,
  INTERPOLATION_END,
  ERROR_SENTINEL,
};

// An open string or interpolation in one byte: the number of `#`, and two flags.
#define MAX_HASHES 0x3f
#define MULTI_LINE 0x40
#define INTERPOLATION 0x80
// Strings that nest deeper are not recognized.
#define MAX_OPEN TREE_SITTER_SERIALIZATION_BUFFER_SIZE

typedef struct {
  unsigned depth;
  uint8_t open[MAX_OPEN];
} Scanner;

static inline void advance(TSLexer *lexer) { lexer->advance(lexer, false); }
static inline void skip(TSLexer *lexer) { lexer->advance(lexer, true); }

static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == 0xfeff; }
static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_upper(int32_t c) { return c >= 'A' && c <= 'Z'; }
static bool is_word_start(int32_t c) { return (c >= 'a' && c <= 'z') || is_upper(c) || c == '_'; }
static bool is_word(int32_t c) { return is_word_start(c) || is_digit(c); }

// Lookahead: a lexer that only distinguishes what the decisions need.

typedef enum {
  END_OF_FILE,
  WORD,
  STRING,
  NUMBER,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  SEPARATOR,   // `,` `;`
  DOT,
  MINUS,
  SETS,        // `=` `+=` `:`
  ITEM_START,  // `...` `@`
  CONTINUES,   // An operator that continues the previous line.
  PREFIX,      // `!` `..`: the next line continues this one, but they begin an item.
  OTHER,
} Kind;

typedef struct {
  TSLexer *lexer;
  Kind kind;
  // The last one.
  Kind previous;
  // The bracket, or the first character of a word.
  int32_t first;
  int32_t previous_first;
  char word[8];
  // Whether a line ends before it.
  bool newline;
} Ahead;

static void skip_line(TSLexer *lexer) {
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') advance(lexer);
}

// Counts the `#` at the lexer's position.
static unsigned take_hashes(TSLexer *lexer, unsigned limit) {
  unsigned count = 0;
  while (count < limit && lexer->lookahead == '#') {
    advance(lexer);
    count++;
  }
  return count;
}

static unsigned take_quotes(TSLexer *lexer, unsigned limit) {
  unsigned count = 0;
  while (count < limit && lexer->lookahead == '"') {
    advance(lexer);
    count++;
  }
  return count;
}

// Skips a string, whose `#` have been read, with its interpolations and the strings in those.
static void skip_string(TSLexer *lexer, unsigned hashes, unsigned level) {
  unsigned quotes = take_quotes(lexer, 3);
  if (quotes == 2 && take_hashes(lexer, hashes) == hashes) return;
  bool multi = quotes == 3;
  while (!lexer->eof(lexer)) {
    if (lexer->lookahead == '"') {
      unsigned wanted = multi ? 3 : 1;
      if (take_quotes(lexer, wanted) == wanted && take_hashes(lexer, hashes) == hashes) return;
    } else if (lexer->lookahead == '\\') {
      advance(lexer);
      if (take_hashes(lexer, hashes) < hashes) continue;
      if (lexer->lookahead != '(') {
        if (hashes == 0 && lexer->lookahead != '\n') advance(lexer);
        continue;
      }
      advance(lexer);
      unsigned parens = 1;
      while (parens > 0 && !lexer->eof(lexer) && (multi || lexer->lookahead != '\n')) {
        if (lexer->lookahead == '"' || lexer->lookahead == '#') {
          unsigned inner = take_hashes(lexer, MAX_HASHES);
          if (lexer->lookahead != '"' || level >= 32) continue;
          skip_string(lexer, inner, level + 1);
          continue;
        }
        if (lexer->lookahead == '(') parens++;
        if (lexer->lookahead == ')') parens--;
        advance(lexer);
      }
    } else if (lexer->lookahead == '\n' && !multi) {
      return;
    } else {
      advance(lexer);
    }
  }
}

// Skips blanks, line ends and comments. True if a line ended. Sets `slash` if it read a `/` that begins no comment.
static bool skip_trivia(TSLexer *lexer, bool *slash) {
  bool newline = false;
  *slash = false;
  for (;;) {
    if (lexer->lookahead == '\n') newline = true;
    if (lexer->lookahead == '\n' || is_blank(lexer->lookahead)) {
      advance(lexer);
    } else if (lexer->lookahead == '/') {
      advance(lexer);
      if (lexer->lookahead != '/') {
        *slash = true;
        return newline;
      }
      skip_line(lexer);
    } else {
      return newline;
    }
  }
}

static Kind operator_kind(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  advance(lexer);
  int32_t next = lexer->lookahead;
  switch (c) {
    case '=':
      if (next == '>' || next == '=') {
        advance(lexer);
        return CONTINUES;
      }
      return SETS;
    case '+':
      if (next == '=') {
        advance(lexer);
        return SETS;
      }
      return CONTINUES;
    case ':':
      return SETS;
    case '-':
      if (next == '>') {
        advance(lexer);
        return CONTINUES;
      }
      return MINUS;
    case '!':
      if (next == '=') {
        advance(lexer);
        return CONTINUES;
      }
      return PREFIX;
    case '.':
      if (next != '.') return DOT;
      advance(lexer);
      next = lexer->lookahead;
      if (next == '.') {
        advance(lexer);
        return ITEM_START;
      }
      if (next == '=' || next == '<') {
        advance(lexer);
        return CONTINUES;
      }
      return PREFIX;
    case '@':
      return ITEM_START;
    case ',':
    case ';':
      return SEPARATOR;
    case '<': case '>': case '&': case '|': case '?':
      while (lexer->lookahead == c || lexer->lookahead == '=' || (c == '?' && lexer->lookahead == '.')) advance(lexer);
      return CONTINUES;
    case '*': case '%':
      return CONTINUES;
    default:
      return OTHER;
  }
}

static void next_token(Ahead *ahead) {
  TSLexer *lexer = ahead->lexer;
  ahead->previous = ahead->kind;
  ahead->previous_first = ahead->first;
  bool slash;
  ahead->newline = skip_trivia(lexer, &slash);
  int32_t c = lexer->lookahead;
  ahead->first = c;
  ahead->word[0] = 0;
  if (slash) {
    ahead->first = '/';
    ahead->kind = CONTINUES;
  } else if (lexer->eof(lexer)) {
    ahead->kind = END_OF_FILE;
  } else if (is_word_start(c)) {
    unsigned length = 0;
    while (is_word(lexer->lookahead)) {
      if (length < sizeof ahead->word) ahead->word[length] = (char)lexer->lookahead;
      length++;
      advance(lexer);
    }
    if (length < sizeof ahead->word) ahead->word[length] = 0;
    else ahead->word[0] = 0;
    ahead->kind = WORD;
  } else if (c == '`') {
    advance(lexer);
    while (!lexer->eof(lexer) && lexer->lookahead != '`' && lexer->lookahead != '\n') advance(lexer);
    if (lexer->lookahead == '`') advance(lexer);
    ahead->kind = WORD;
  } else if (is_digit(c)) {
    while (is_word(lexer->lookahead)) advance(lexer);
    ahead->kind = NUMBER;
  } else if (c == '"' || c == '#') {
    unsigned hashes = take_hashes(lexer, MAX_HASHES);
    ahead->kind = OTHER;
    if (lexer->lookahead == '"') {
      skip_string(lexer, hashes, 0);
      ahead->kind = STRING;
    }
  } else if (c == '(' || c == '[' || c == '{') {
    advance(lexer);
    ahead->kind = OPEN_BRACKET;
  } else if (c == ')' || c == ']' || c == '}') {
    advance(lexer);
    ahead->kind = CLOSE_BRACKET;
  } else {
    ahead->kind = operator_kind(lexer);
  }
}

static bool word_is(const Ahead *ahead, const char *word) {
  return ahead->kind == WORD && ahead->first != '`' && strcmp(ahead->word, word) == 0;
}

// Whether the token, first on its line, continues the previous item.
static bool continues(const Ahead *ahead) {
  return ahead->kind == CONTINUES || ahead->kind == SETS || ahead->kind == DOT;
}

// Whether the next line continues an item that the previous token would end.
static bool wants_more(const Ahead *ahead) {
  switch (ahead->previous) {
    case CONTINUES:
      return ahead->previous_first != '?';
    case SETS: case DOT: case MINUS: case ITEM_START: case PREFIX: case SEPARATOR: case OPEN_BRACKET:
      return true;
    default:
      return false;
  }
}

// Whether the previous item ends before the token.
static bool ends_item(const Ahead *ahead) {
  if (ahead->kind == END_OF_FILE || ahead->kind == CLOSE_BRACKET || ahead->kind == SEPARATOR) return true;
  if (!ahead->newline || continues(ahead) || wants_more(ahead)) return false;
  return !(ahead->previous == CLOSE_BRACKET && word_is(ahead, "else"));
}

// The token is an opening bracket. Advances to the token after its group.
static void skip_group(Ahead *ahead) {
  unsigned depth = 0;
  do {
    if (ahead->kind == OPEN_BRACKET) depth++;
    if (ahead->kind == CLOSE_BRACKET) depth--;
    if (ahead->kind == END_OF_FILE) return;
    if (depth > 0) next_token(ahead);
  } while (depth > 0);
  next_token(ahead);
}

static void skip_token_or_group(Ahead *ahead) {
  if (ahead->kind == OPEN_BRACKET) skip_group(ahead);
  else next_token(ahead);
}

static void skip_item(Ahead *ahead) {
  do skip_token_or_group(ahead);
  while (!ends_item(ahead));
}

typedef enum { SHAPE_LET, SHAPE_ITEM, SHAPE_REFINEMENT, SHAPE_VALUE } Shape;

// What the item that begins at the token looks like. Of a `let` and a refinement it also skips the rest.
static Shape shape(Ahead *ahead) {
  unsigned blocks = 0;
  Shape found;
  for (;;) {
    if (ahead->kind == ITEM_START) return SHAPE_ITEM;
    if (word_is(ahead, "let")) {
      skip_item(ahead);
      return SHAPE_LET;
    }
    if (word_is(ahead, "delete") || word_is(ahead, "check") || word_is(ahead, "fn") || word_is(ahead, "for")) {
      return SHAPE_ITEM;
    }
    if (!word_is(ahead, "if")) break;
    // An `if` is what its first block holds first, `let`s aside.
    next_token(ahead);
    while (!(ahead->kind == OPEN_BRACKET && ahead->first == '{')) {
      if (ends_item(ahead)) return SHAPE_VALUE;
      skip_token_or_group(ahead);
    }
    next_token(ahead);
    blocks++;
    while (word_is(ahead, "let")) {
      skip_item(ahead);
      while (ahead->kind == SEPARATOR) next_token(ahead);
    }
  }
  int32_t first = ahead->first;
  for (;;) {
    if (ahead->kind == MINUS) next_token(ahead);
    bool is_key = ahead->kind == WORD || ahead->kind == STRING || ahead->kind == NUMBER ||
                  (ahead->kind == OPEN_BRACKET && ahead->first == '(');
    if (!is_key) return SHAPE_VALUE;
    skip_token_or_group(ahead);
    if (ends_item(ahead)) return SHAPE_VALUE;
    if (ahead->kind != DOT) break;
    next_token(ahead);
  }
  if (ahead->kind == SETS) return SHAPE_ITEM;
  if (!(ahead->kind == OPEN_BRACKET && ahead->first == '{') || ahead->newline) return SHAPE_VALUE;
  skip_group(ahead);
  found = is_upper(first) || first == '(' || !ends_item(ahead) ? SHAPE_VALUE : SHAPE_REFINEMENT;
  if (found == SHAPE_VALUE) return found;
  while (blocks > 0 && ahead->kind != END_OF_FILE) {
    if (ahead->kind == CLOSE_BRACKET) {
      blocks--;
      next_token(ahead);
    } else {
      skip_token_or_group(ahead);
    }
  }
  while (!ends_item(ahead)) skip_token_or_group(ahead);
  return SHAPE_REFINEMENT;
}

// Whether the braces whose opening one has been read hold a block rather than the items of an object.
static bool is_block(TSLexer *lexer, bool after_arrow) {
  Ahead ahead = {.lexer = lexer, .kind = OPEN_BRACKET};
  next_token(&ahead);
  unsigned values = 0;
  for (bool is_first = true;; is_first = false) {
    while (ahead.kind == SEPARATOR) next_token(&ahead);
    if (ahead.kind == CLOSE_BRACKET || ahead.kind == END_OF_FILE) return values == 1;
    switch (shape(&ahead)) {
      case SHAPE_LET:
        break;
      case SHAPE_ITEM:
        return false;
      case SHAPE_VALUE:
        return after_arrow || !is_first;
      case SHAPE_REFINEMENT:
        if (!after_arrow) return false;
        values++;
        break;
    }
    if (values > 1) return false;
  }
}

// Strings

static bool scan_string_start(Scanner *scanner, TSLexer *lexer) {
  unsigned hashes = take_hashes(lexer, MAX_HASHES);
  if (lexer->lookahead != '"' || scanner->depth + 2 >= MAX_OPEN) return false;
  advance(lexer);
  lexer->mark_end(lexer);
  uint8_t open = (uint8_t)hashes;
  if (take_quotes(lexer, 2) == 2) {
    open |= MULTI_LINE;
    lexer->mark_end(lexer);
  }
  scanner->open[scanner->depth++] = open;
  lexer->result_symbol = STRING_START;
  return true;
}

static bool end_content(TSLexer *lexer) {
  lexer->result_symbol = STRING_CONTENT;
  return true;
}

// Reads one piece of the innermost string: content, its end or the beginning of an interpolation.
static bool scan_string_piece(Scanner *scanner, TSLexer *lexer, bool in_recovery) {
  uint8_t open = scanner->open[scanner->depth - 1];
  unsigned hashes = open & MAX_HASHES;
  unsigned quotes = open & MULTI_LINE ? 3 : 1;
  for (bool has_content = false;; has_content = true) {
    lexer->mark_end(lexer);
    if (lexer->eof(lexer) || (lexer->lookahead == '\n' && quotes == 1)) {
      if (has_content) return end_content(lexer);
      scanner->depth--;
      if (in_recovery && !lexer->eof(lexer)) {
        // A token without a width is ignored there.
        advance(lexer);
        lexer->mark_end(lexer);
      }
      lexer->result_symbol = MISSING_QUOTE;
      return true;
    }
    if (lexer->lookahead == '"') {
      advance(lexer);
      // If these are not the end, only the first quotation mark is content: the end may begin at the second one.
      if (!has_content) lexer->mark_end(lexer);
      bool is_full = take_quotes(lexer, quotes - 1) == quotes - 1;
      if (is_full && take_hashes(lexer, hashes) == hashes) {
        if (has_content) return end_content(lexer);
        lexer->mark_end(lexer);
        scanner->depth--;
        lexer->result_symbol = STRING_END;
        return true;
      }
      if (is_full && quotes == 3) return end_content(lexer);
    } else if (lexer->lookahead == '\\') {
      advance(lexer);
      if (take_hashes(lexer, hashes) < hashes) continue;
      if (lexer->lookahead == '(') {
        if (has_content) return end_content(lexer);
        advance(lexer);
        lexer->mark_end(lexer);
        scanner->open[scanner->depth++] = INTERPOLATION;
        lexer->result_symbol = INTERPOLATION_START;
        return true;
      }
      bool is_escape = hashes == 0 && lexer->lookahead != '\n' && lexer->lookahead != '\r' && !lexer->eof(lexer);
      // The grammar reads the escape.
      if (is_escape) return has_content && end_content(lexer);
    } else {
      advance(lexer);
    }
  }
}

// Line ends and `else`

static bool take_word(TSLexer *lexer, const char *word) {
  for (; *word; word++) {
    if (lexer->lookahead != *word) return false;
    advance(lexer);
  }
  return !is_word(lexer->lookahead);
}

// Whether the `else` that was just read, first on its line, belongs to an `if` rather than being the name of a field.
static bool is_else(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
  int32_t c = lexer->lookahead;
  return lexer->eof(lexer) || c == '\n' || c == '{' || c == '/' || take_word(lexer, "if");
}

// Whether a line that begins at the lexer's position begins an item.
static bool begins_item(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  if (lexer->eof(lexer) || c == ')' || c == ']' || c == '}') return false;
  if (is_word(c) || c == '"' || c == '`' || c == '(' || c == '[' || c == '{' || c == '#') return true;
  Kind kind = operator_kind(lexer);
  return kind != SEPARATOR && kind != CONTINUES && kind != SETS && kind != DOT;
}

typedef enum { FOUND, NOT_ON_LINE, NOT_FOUND } LineEnd;

// A line end that separates items, or the place before the `else` of an `if`, whose line end is none.
static LineEnd scan_line_end(TSLexer *lexer, bool newline_valid, bool else_valid) {
  while (is_blank(lexer->lookahead)) skip(lexer);
  lexer->mark_end(lexer);
  bool newline = lexer->lookahead == '\n';
  if (newline) {
    advance(lexer);
    lexer->mark_end(lexer);
    bool slash;
    skip_trivia(lexer, &slash);
    // A division continues the previous line.
    if (slash) return NOT_FOUND;
  }
  bool is_candidate = else_valid && lexer->lookahead == 'e';
  if (is_candidate && take_word(lexer, "else") && (!newline || !newline_valid || is_else(lexer))) {
    lexer->result_symbol = ELSE;
    return FOUND;
  }
  if (!newline) return is_candidate ? NOT_FOUND : NOT_ON_LINE;
  lexer->result_symbol = NEWLINE;
  return newline_valid && (is_candidate || begins_item(lexer)) ? FOUND : NOT_FOUND;
}

// The opening brace at the lexer's position.
static bool scan_brace(TSLexer *lexer, const bool *valid) {
  advance(lexer);
  lexer->mark_end(lexer);
  if (valid[BLOCK_OPEN]) {
    lexer->result_symbol = BLOCK_OPEN;
    return true;
  }
  bool after_arrow = valid[ARROW_BLOCK_OPEN];
  lexer->result_symbol = after_arrow ? ARROW_BLOCK_OPEN : LET_BLOCK_OPEN;
  return is_block(lexer, after_arrow);
}

static bool scan(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  bool in_recovery = valid[ERROR_SENTINEL];
  bool is_nested = scanner->depth > 0;
  bool in_interpolation = is_nested && scanner->open[scanner->depth - 1] & INTERPOLATION;
  if (is_nested && !in_interpolation && valid[STRING_END]) return scan_string_piece(scanner, lexer, in_recovery);
  if (valid[NEWLINE] || valid[ELSE]) {
    LineEnd end = scan_line_end(lexer, valid[NEWLINE], valid[ELSE] && !in_recovery);
    if (end != NOT_ON_LINE) return end == FOUND;
  }
  while (is_blank(lexer->lookahead) || lexer->lookahead == '\n') skip(lexer);
  switch (lexer->lookahead) {
    case '"':
    case '#':
      return valid[STRING_START] && scan_string_start(scanner, lexer);
    case ')':
      if (!valid[INTERPOLATION_END] || !in_interpolation) return false;
      advance(lexer);
      lexer->mark_end(lexer);
      scanner->depth--;
      lexer->result_symbol = INTERPOLATION_END;
      return true;
    case '{': {
      bool is_decided_here = valid[BLOCK_OPEN] || valid[ARROW_BLOCK_OPEN] || valid[LET_BLOCK_OPEN];
      return is_decided_here && !in_recovery && scan_brace(lexer, valid);
    }
    default:
      return false;
  }
}

void *tree_sitter_forge_external_scanner_create(void) { return calloc(1, sizeof(Scanner)); }

void tree_sitter_forge_external_scanner_destroy(void *payload) { free(payload); }

bool tree_sitter_forge_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  return scan(payload, lexer, valid_symbols);
}

unsigned tree_sitter_forge_external_scanner_serialize(void *payload, char *buffer) {
  Scanner *scanner = payload;
  memcpy(buffer, scanner->open, scanner->depth);
  return scanner->depth;
}

void tree_sitter_forge_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->depth = length;
  if (length > 0) memcpy(scanner->open, buffer, length);
}
