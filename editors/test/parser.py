"""The generated parser, compiled with the C compiler of the machine."""

import ctypes
import os
import pathlib
import subprocess

from tree_sitter import Language, Parser

from sources import ROOT

GRAMMAR = ROOT / "editors" / "tree-sitter-forge"


def library() -> pathlib.Path:
    """The parser as a shared library, rebuilt if its sources changed."""
    inputs = [GRAMMAR / "src" / "parser.c", GRAMMAR / "src" / "scanner.c"]
    output = ROOT / "target" / "editors" / "forge.so"
    if not output.exists() or any(path.stat().st_mtime > output.stat().st_mtime for path in inputs):
        output.parent.mkdir(parents=True, exist_ok=True)
        compiler = os.environ.get("CC", "cc")
        command = [compiler, "-std=c11", "-O1", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror",
                   "-Wno-unused-parameter", "-I", GRAMMAR / "src", "-o", output, *inputs]
        subprocess.run(command, check=True)
    return output


def language() -> Language:
    loaded = ctypes.CDLL(str(library()))
    loaded.tree_sitter_forge.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype = ctypes.py_object
    capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return Language(capsule(loaded.tree_sitter_forge(), b"tree_sitter.Language", None))


def parser() -> Parser:
    return Parser(language())
