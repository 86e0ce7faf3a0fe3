--- Forge in Neovim: tree-sitter where the parser is installed, and the language server where `forgec` has one.

local M = {}

--- The options of `setup`.
local options = {
  --- The command of the language server; `false` for none.
  cmd = { "forgec", "lsp" },
  --- Whether tree-sitter highlights, if its parser is there.
  treesitter = true,
}

--- Changes options; call it before the first Forge buffer opens. `on_attach` and `capabilities` go to the client.
function M.setup(given)
  options = vim.tbl_extend("force", options, given or {})
end

local function has_parser()
  return #vim.api.nvim_get_runtime_file("parser/forge.*", false) > 0
end

local function start_treesitter(buffer)
  -- Neovim 0.8 and later; before that, syntax/forge.vim highlights.
  if not (options.treesitter and vim.treesitter.start and has_parser()) then
    return
  end
  if pcall(vim.treesitter.start, buffer, "forge") and vim.treesitter.foldexpr then
    vim.opt_local.foldexpr = "v:lua.vim.treesitter.foldexpr()"
  end
end

--- The folder of the package that a file is in.
local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ":p:h")
  local manifest = vim.fn.findfile("forge.toml", vim.fn.escape(folder, " ,;\\") .. ";")
  return manifest ~= "" and vim.fn.fnamemodify(manifest, ":p:h") or folder
end

--- The clients by root, for versions without `vim.lsp.start`.
local clients = {}

local function start_server(buffer)
  local cmd = options.cmd
  if not cmd or vim.fn.executable(cmd[1]) == 0 then
    return
  end
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local config = {
    name = "forge",
    cmd = cmd,
    root_dir = root,
    on_attach = options.on_attach,
    capabilities = options.capabilities,
  }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  config.on_exit = function()
    clients[root] = nil
  end
  clients[root] = clients[root] or vim.lsp.start_client(config)
  if clients[root] then
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
end

--- Starts what there is for the current buffer; ftplugin/forge.vim calls it.
function M.attach()
  local buffer = vim.api.nvim_get_current_buf()
  start_treesitter(buffer)
  start_server(buffer)
end

return M
