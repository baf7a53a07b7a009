-- A second client: Neovim's own, which cannot pull diagnostics (0.7), over stdio. Run by run.mjs beside this file.
local server, file = vim.env.LOCKSET_SERVER, vim.env.LOCKSET_FILE

local function check(ok, what)
  if not ok then error('FAILED: ' .. what, 0) end
  io.stdout:write('ok ' .. what .. '\n')
end

local function main()
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  vim.bo.filetype = 'python'
  vim.bo.swapfile = false
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({ name = 'lockset', cmd = { vim.env.LOCKSET_NODE, server, '--stdio' }, root_dir = vim.fn.fnamemodify(file, ':h') })
  check(id, 'the server is started')
  vim.lsp.buf_attach_client(buffer, id)
  local client
  check(vim.wait(20000, function()
    client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end, 20), 'initialize')
  check(client.server_capabilities.hoverProvider and client.server_capabilities.codeActionProvider, 'capabilities')

  check(vim.wait(20000, function() return #vim.diagnostic.get(buffer) == 1 end, 20), 'one diagnostic is pushed')
  local found = vim.diagnostic.get(buffer)[1]
  check(found.code == 'missing-main-guard' and found.source == 'lockset' and found.lnum == 6, 'it is the right one, on the right line')

  vim.api.nvim_win_set_cursor(0, { 3, 5 })
  local hover = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', vim.lsp.util.make_position_params(), 10000)
  check(hover and hover[id] and hover[id].result and hover[id].result.contents.value:lower():find('lock', 1, true), 'hover over a word in a comment')

  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  local parameters = vim.lsp.util.make_range_params()
  parameters.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buffer) }
  local answer = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', parameters, 10000)
  local action = answer and answer[id] and answer[id].result and answer[id].result[1]
  check(action and action.edit, 'a code action: ' .. (action and action.title or 'none'))
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  check(table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n'):find('if __name__', 1, true), 'its edit is applied')
  check(vim.wait(20000, function() return #vim.diagnostic.get(buffer) == 0 end, 20), 'the diagnostic goes away')

  client.stop()
  check(vim.wait(20000, function() return client.is_stopped() end, 20), 'the server stops')
end

local ok, problem = pcall(main)
if not ok then io.stdout:write(tostring(problem) .. '\n') end
vim.cmd(ok and 'qall!' or 'cquit! 1')
