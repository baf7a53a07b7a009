// Runtime: loads the parser's WebAssembly once and gives access to the C functions that the flattening calls directly.
import { Language, Parser, type Tree } from 'web-tree-sitter';

/** The bytes of web-tree-sitter.wasm and tree-sitter-python.wasm; whoever starts the analysis reads or fetches them. */
export interface PythonWasm {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}

/**
 * The functions of the WebAssembly module that walk a tree. They keep their one cursor in a transfer buffer inside the
 * module, so a walk that uses no other function in between need not copy it to JavaScript and back at every step.
 */
export interface CursorFunctions {
  _ts_tree_root_node_wasm(tree: number): void;
  _ts_node_has_error_wasm(tree: number): number;
  _ts_tree_cursor_new_wasm(tree: number): void;
  _ts_tree_cursor_delete_wasm(tree: number): void;
  _ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  _ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  _ts_tree_cursor_goto_parent_wasm(tree: number): number;
  _ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  _ts_tree_cursor_current_node_is_missing_wasm(tree: number): number;
  _ts_tree_cursor_current_field_id_wasm(tree: number): number;
  _ts_tree_cursor_start_index_wasm(tree: number): number;
  _ts_tree_cursor_end_index_wasm(tree: number): number;
  readonly HEAPU8: Uint8Array;
}

export interface PythonRuntime {
  readonly functions: CursorFunctions;
  readonly language: Language;
  /** A parser for Python; the caller deletes it. */
  createParser(): Parser;
}

let loaded: Promise<PythonRuntime> | undefined;

/** Loads the module and the grammar. The library keeps one module for the process, so later calls get the first one's. */
export function loadRuntime(wasm: PythonWasm): Promise<PythonRuntime> {
  loaded ??= load(wasm).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(wasm: PythonWasm): Promise<PythonRuntime> {
  // The library makes this very object its module: after init the exported functions are on it.
  const module = { wasmBinary: wasm.runtime, locateFile: (name: string) => name };
  await Parser.init(module as Parameters<typeof Parser.init>[0]);
  const functions = module as unknown as CursorFunctions;
  if (typeof functions._ts_tree_cursor_new_wasm !== 'function') throw new Error('web-tree-sitter was initialised elsewhere in this process');
  const language = await Language.load(wasm.grammar);
  return { functions, language, createParser: () => new Parser().setLanguage(language) };
}

/** The address of a tree inside the module. */
export function addressOf(tree: Tree): number {
  return (tree as unknown as { readonly 0: number })[0];
}
