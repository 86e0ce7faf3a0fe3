" A line is indented by the brackets that are open before it, and one step further if it continues the previous line.
if exists("b:did_indent")
  finish
endif
let b:did_indent = 1

setlocal autoindent
setlocal indentexpr=ForgeIndent(v:lnum)
setlocal indentkeys=0{,0},0),0],0.,0?,0\|,!^F,o,O
let b:undo_indent = "setlocal autoindent< indentexpr< indentkeys<"

if exists("*ForgeIndent")
  finish
endif

" The line without strings and comments.
function! s:code(lnum) abort
  let line = substitute(getline(a:lnum), '"\%(\\.\|[^"\\]\)*"', '""', 'g')
  return substitute(line, '//.*', '', '')
endfunction

function! s:continues(code) abort
  return a:code =~# '^\s*\%(\.\a\|?\.\|&&\|||\|??\|==\|!=\|<=\|>=\|+\|\*\|%\||\|=>\|->\)'
endfunction

function! s:wants_more(code) abort
  return a:code =~# '\%([^=!<>.]=\|+=\|=>\|&&\|||\|??\|[-+*/%]\)\s*$'
endfunction

function! ForgeIndent(lnum) abort
  " The content of a string keeps its indentation.
  if s:in_string(a:lnum)
    return -1
  endif
  let previous = prevnonblank(a:lnum - 1)
  while previous > 0 && s:in_string(previous)
    let previous -= 1
  endwhile
  if previous == 0
    return 0
  endif
  let before = s:code(previous)
  let line = s:code(a:lnum)
  let indent = indent(previous)
  if s:continues(before)
    let start = previous
    while start > 1 && s:continues(s:code(start))
      let start = prevnonblank(start - 1)
    endwhile
    let indent = indent(start)
  endif
  if before =~# '[{(\[]\s*$'
    let indent += shiftwidth()
  elseif s:continues(line) || s:wants_more(before)
    let indent += shiftwidth()
  endif
  if line =~# '^\s*[})\]]'
    let indent -= shiftwidth()
  endif
  return indent < 0 ? 0 : indent
endfunction

" Whether the line begins inside of a string of several lines.
function! s:in_string(lnum) abort
  return a:lnum > 1 && synIDattr(synID(a:lnum, 1, 1), "name") =~# '^forge\%(Raw\)\=Text'
endfunction
