" Settings of Forge buffers.
if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=//\ %s
" A new line continues a documentation comment.
setlocal comments=:///,://!,://
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal suffixesadd=.forge
" `import a.b` names the file a/b.forge.
setlocal include=^\\s*\\%(import\\\|export\\)\\s\\+
setlocal includeexpr=substitute(v:fname,'\\.','/','g')
setlocal matchpairs=(:),{:},[:]

let b:undo_ftplugin = "setlocal commentstring< comments< formatoptions< expandtab< shiftwidth< softtabstop<"
      \ . " suffixesadd< include< includeexpr< matchpairs<"

lua require("forge").attach()
