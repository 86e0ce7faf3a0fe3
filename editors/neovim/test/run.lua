-- Tests the files for Neovim without a screen; editors/test/run starts it. Works with Neovim 0.7 and later.

local passed, failed = 0, 0

local function check(name, given, wanted)
  if vim.deep_equal(given, wanted) then
    passed = passed + 1
  else
    failed = failed + 1
    print(("FAILED %s: has %s instead of %s"):format(name, vim.inspect(given), vim.inspect(wanted)))
  end
end

local source = [[
//! Test.
import std.net as network
/// A server.
abstract schema Web extends Base {
  name: String = "x\(f("a", { b = 1 }))\n"
  late port: Int where it in 1..=9 = 5
  check port < 9, "no"
}
type = match web { is Web => 5Gi, _ => null }
text = #"""
  \d "quoted" \#(name) // no comment
  """#
match = 1
test "a" {
  assert type.match == true
}
]]

local folder = vim.fn.tempname()
vim.fn.mkdir(folder .. "/deep", "p")
vim.fn.writefile({ "[package]" }, folder .. "/forge.toml")
local file = folder .. "/deep/main.forge"
vim.fn.writefile(vim.split(source, "\n"), file)

-- A server that notes how it was started.
local server = folder .. "/server"
vim.fn.writefile({ "#!/bin/sh", 'echo "$@" >' .. folder .. "/started", "exec sleep 5" }, server)
vim.fn.setfperm(server, "rwxr-xr-x")
require("forge").setup({ cmd = { server, "lsp" }, treesitter = false })

vim.cmd("filetype plugin indent on")
vim.cmd("syntax on")
vim.cmd("edit " .. file)
check("filetype", vim.bo.filetype, "forge")
check("commentstring", vim.bo.commentstring, "// %s")
check("shiftwidth", vim.bo.shiftwidth, 2)

-- The highlight group where `text` first is in the buffer.
local function group(text)
  vim.fn.cursor(1, 1)
  vim.fn.search("\\V" .. vim.fn.escape(text, "\\"), "cW")
  return vim.fn.synIDattr(vim.fn.synID(vim.fn.line("."), vim.fn.col("."), 1), "name")
end

for text, wanted in pairs({
  ["//! Test"] = "forgeDocComment",
  ["/// A"] = "forgeDocComment",
  ["import"] = "forgeInclude",
  ["as network"] = "forgeImportAs",
  ["abstract"] = "forgeDeclaration",
  ["extends"] = "forgeDeclaration",
  ["Base"] = "forgeType",
  ["name:"] = "forgeProperty",
  ["String"] = "forgeBuiltinType",
  ['"x'] = "forgeString",
  ["\\("] = "forgeSpecial",
  ['"a"'] = "forgeString",
  ["\\n"] = "forgeEscape",
  ["late"] = "forgeDeclaration",
  ["where"] = "forgeKeyword",
  ["it in"] = "forgeSelf",
  ["in 1"] = "forgeOperatorWord",
  ["check"] = "forgeStatement",
  ["type ="] = "forgeProperty",
  ["match web"] = "forgeConditional",
  ["is Web"] = "forgeOperatorWord",
  ["5Gi"] = "forgeQuantity",
  ["null"] = "forgeNull",
  ['quoted"'] = "forgeRawText",
  ["// no comment"] = "forgeRawText",
  ["\\#("] = "forgeSpecial",
  ["test"] = "forgeDeclaration",
  ["assert"] = "forgeStatement",
  ["match = 1"] = "forgeProperty",
  ["match =="] = "forgeMember",
  ["true"] = "forgeBoolean",
}) do
  check("syntax of " .. text, group(text), wanted)
end

-- Indentation: a formatted program keeps its own.
local program = {
  "schema A {",
  "  xs: [Int] = [",
  "    1",
  "    2",
  "  ]",
  "  total: Int = xs",
  "    .map(x => x + 1)",
  "    .sum()",
  "  if total > 1 {",
  "    name = \"a\"",
  "  } else {",
  "    name = \"b\"",
  "  }",
  "}",
}
vim.cmd("enew")
vim.bo.filetype = "forge"
vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.tbl_map(vim.trim, program))
vim.cmd("silent normal! gg=G")
check("indentation", vim.api.nvim_buf_get_lines(0, 0, -1, false), program)

-- A new line continues a comment.
vim.cmd("enew")
vim.bo.filetype = "forge"
vim.cmd([[exe "normal! i/// one\<CR>two"]])
check("a new line continues documentation", vim.api.nvim_buf_get_lines(0, 0, -1, false), { "/// one", "/// two" })

-- The server was started once, with its argument, and its root is the package.
vim.wait(3000, function()
  return vim.fn.filereadable(folder .. "/started") == 1
end)
check("server", vim.fn.filereadable(folder .. "/started") == 1 and vim.fn.readfile(folder .. "/started"), { "lsp" })
local get_clients = vim.lsp.get_clients or vim.lsp.get_active_clients
local roots = vim.tbl_map(function(client)
  return client.config.root_dir
end, get_clients())
if #roots > 0 then
  check("root of the server", roots[1], folder)
end

-- Tree-sitter: the parser loads, and the highlights apply.
local parser = vim.env.FORGE_PARSER
if parser and vim.fn.filereadable(parser) == 1 then
  (vim.treesitter.language.add or vim.treesitter.require_language)("forge", vim.treesitter.language.add and { path = parser } or parser)
  local tree = vim.treesitter.get_string_parser(source, "forge"):parse()[1]
  check("tree-sitter reads it", tree:root():has_error(), false)
  local get = vim.treesitter.query and vim.treesitter.query.get or vim.treesitter.query.get_query
  local query = get("forge", "highlights")
  local found = 0
  for _ in query:iter_captures(tree:root(), source, 0, -1) do
    found = found + 1
  end
  check("tree-sitter highlights", found > 50, true)
end

vim.fn.delete(folder, "rf")
print(("%d passed, %d failed"):format(passed, failed))
vim.cmd(failed == 0 and "quitall!" or "cquit 1")
