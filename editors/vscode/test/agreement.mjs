// Compares the scopes of the TextMate grammar with the tokens of all sources: `node agreement.mjs TOKENS.json`.
// editors/test/tokens.py writes the file; its tokens agree with the compiler's.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

// The packages are where the test was started, which need not be the folder of this file.
const require = createRequire(path.join(process.cwd(), 'package.json'));
const textmate = require('vscode-textmate');
const oniguruma = require('vscode-oniguruma');

const FITTING = {
  comment: /^comment\./,
  number: /^(constant\.numeric|keyword\.other\.unit)\./,
  string: /^(string|meta\.embedded\.block)\./,
  escape: /^constant\.character\.escape\./,
  interpolation: /^punctuation\.section\.interpolation\./,
  keyword: /^(keyword|storage|constant\.language|variable\.language)\./,
};
// A name that is spelled like a keyword must not look like one; `it` is a name with a meaning.
const UNFITTING_NAME = /^(keyword|storage|constant|string|comment)\./;

async function loadGrammar() {
  const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const file = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../syntaxes/forge.tmLanguage.json');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: patterns => new oniguruma.OnigScanner(patterns),
      createOnigString: string => new oniguruma.OnigString(string),
    }),
    loadGrammar: async scope =>
      scope === 'source.forge' ? textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file) : null,
  });
  return registry.loadGrammar('source.forge');
}

// The scopes of each character of a source.
function scopesOf(grammar, text) {
  const scopes = new Array(text.length + 1).fill([]);
  let state = textmate.INITIAL;
  let start = 0;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    for (const token of result.tokens) {
      for (let at = token.startIndex; at < token.endIndex; at++) scopes[start + at] = token.scopes;
    }
    state = result.ruleStack;
    start += line.length + 1;
  }
  return scopes;
}

// The innermost part of the scopes: within `\( … )` those of the string around it say nothing.
function inner(scopes) {
  const last = scopes.lastIndexOf('source.forge');
  return scopes.slice(last + 1);
}

function fits(kind, scopes) {
  if (kind === 'name') return !inner(scopes).some(scope => UNFITTING_NAME.test(scope));
  if (kind === 'interpolation' || kind === 'string' || kind === 'comment') {
    return scopes.some(scope => FITTING[kind].test(scope));
  }
  return inner(scopes).some(scope => FITTING[kind].test(scope));
}

function problems(grammar, { text, tokens }) {
  const scopes = scopesOf(grammar, text);
  const found = [];
  for (const [start, end, kind] of tokens) {
    for (let at = start; at < end; at++) {
      if (/\s/.test(text[at]) || fits(kind, scopes[at])) continue;
      const line = text.slice(0, at).split('\n').length;
      found.push(`line ${line}: ${kind} ${JSON.stringify(text.slice(start, end).slice(0, 40))} has ${scopes[at].join(' ')}`);
      break;
    }
  }
  return found;
}

const grammar = await loadGrammar();
const sources = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
let compared = 0;
let failed = 0;
for (const source of sources) {
  const found = problems(grammar, source);
  compared += source.tokens.length;
  failed += found.length;
  for (const problem of found.slice(0, 3)) console.log(`FAILED ${source.name}: ${problem}`);
}
console.log(`${compared - failed} passed, ${failed} failed`);
process.exit(failed > 0 || compared < 10000 ? 1 : 0);
