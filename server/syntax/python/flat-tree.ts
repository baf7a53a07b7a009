// Flat tree: a syntax tree as typed arrays in preorder, made in one walk, so that lowering touches no parser object.
import type { Tree } from 'web-tree-sitter';
import { Kind, type KindTables } from './kinds';
import { addressOf, type CursorFunctions } from './runtime';

/**
 * Nodes are numbered in preorder; 0 is the root. Children of `n` are `n + 1`, then `next` of each, while below
 * `next[n]`. Punctuation, keywords, comments and the inside of strings that hold no expression are left out.
 * The arrays are used again by the next `flatten`: a flat tree is good only until then.
 */
export interface FlatTree {
  readonly text: string;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly field: Uint8Array;
  /** UTF-16 offsets. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The first node behind the subtree. */
  readonly next: Int32Array;
  readonly parent: Int32Array;
  /** Start and end of each comment, flat. */
  readonly comments: number[];
  readonly hasErrors: boolean;
  /** Where the parser put in a token that is not in the text: offset and grammar symbol, flat. */
  readonly missing: number[];
}

/** The first child of `node` that fills `field`, or -1. */
export function childOf(tree: FlatTree, node: number, field: number): number {
  const limit = tree.next[node];
  for (let child = node + 1; child < limit; child = tree.next[child]) if (tree.field[child] === field) return child;
  return -1;
}

/** The first child of `node` of a kind, or -1. */
export function childOfKind(tree: FlatTree, node: number, kind: number): number {
  const limit = tree.next[node];
  for (let child = node + 1; child < limit; child = tree.next[child]) if (tree.kind[child] === kind) return child;
  return -1;
}

/** The first child of `node` that is not a token, or -1. */
export function firstChild(tree: FlatTree, node: number): number {
  const limit = tree.next[node];
  for (let child = node + 1; child < limit; child = tree.next[child]) if (tree.kind[child] < Kind.asyncToken) return child;
  return -1;
}

/** All children of `node` that are not tokens. */
export function childrenOf(tree: FlatTree, node: number): number[] {
  const children: number[] = [];
  const limit = tree.next[node];
  for (let child = node + 1; child < limit; child = tree.next[child]) if (tree.kind[child] < Kind.asyncToken) children.push(child);
  return children;
}

/** Flattens trees of one grammar. */
export class Flattener {
  private kind = new Uint8Array(0);
  private field = new Uint8Array(0);
  private start = new Int32Array(0);
  private end = new Int32Array(0);
  private next = new Int32Array(0);
  private parent = new Int32Array(0);

  constructor(
    private readonly functions: CursorFunctions,
    private readonly tables: KindTables,
  ) {}

  /** The flat form of `tree`, which was parsed from `text`. */
  flatten(tree: Tree, text: string): FlatTree {
    const c = this.functions;
    const { kinds, leaves, fields } = this.tables;
    const address = addressOf(tree);
    c._ts_tree_root_node_wasm(address);
    const hasErrors = c._ts_node_has_error_wasm(address) !== 0;
    c._ts_tree_root_node_wasm(address);
    c._ts_tree_cursor_new_wasm(address);
    this.reserve(1024);
    const comments: number[] = [];
    const missing: number[] = [];
    let count = 0;
    /** The open node whose children are being visited; -1 above the root. */
    let open = -1;
    for (;;) {
      const symbol = c._ts_tree_cursor_current_node_type_id_wasm(address);
      const kind = kinds[symbol];
      let isLeaf = leaves[symbol] === 1;
      if (hasErrors && c._ts_tree_cursor_current_node_is_missing_wasm(address) !== 0) {
        missing.push(c._ts_tree_cursor_start_index_wasm(address), symbol);
        isLeaf = true;
      }
      if (kind === Kind.comment) {
        comments.push(c._ts_tree_cursor_start_index_wasm(address), c._ts_tree_cursor_end_index_wasm(address));
      } else if (kind !== Kind.dropped) {
        if (count === this.kind.length) this.reserve(count * 2);
        const start = c._ts_tree_cursor_start_index_wasm(address);
        this.kind[count] = kind;
        this.field[count] = fields[c._ts_tree_cursor_current_field_id_wasm(address)];
        this.start[count] = start;
        this.end[count] = c._ts_tree_cursor_end_index_wasm(address);
        this.parent[count] = open;
        this.next[count] = count + 1;
        if (kind === Kind.string && !hasErrors && !mayInterpolate(text, start)) isLeaf = true;
        if (!isLeaf && c._ts_tree_cursor_goto_first_child_wasm(address) !== 0) {
          open = count++;
          continue;
        }
        count++;
      }
      while (c._ts_tree_cursor_goto_next_sibling_wasm(address) === 0) {
        if (open < 0 || c._ts_tree_cursor_goto_parent_wasm(address) === 0) {
          c._ts_tree_cursor_delete_wasm(address);
          if (count > 0) this.next[0] = count;
          const { kind: kindArray, field, start, end, next, parent } = this;
          return { text, count, kind: kindArray, field, start, end, next, parent, comments, hasErrors, missing };
        }
        this.next[open] = count;
        open = this.parent[open];
      }
    }
  }

  /** Bytes held by the arrays. */
  get byteLength(): number {
    return this.kind.length * 18;
  }

  private reserve(capacity: number): void {
    if (this.kind.length >= capacity) return;
    this.kind = grown(this.kind, new Uint8Array(capacity));
    this.field = grown(this.field, new Uint8Array(capacity));
    this.start = grown(this.start, new Int32Array(capacity));
    this.end = grown(this.end, new Int32Array(capacity));
    this.next = grown(this.next, new Int32Array(capacity));
    this.parent = grown(this.parent, new Int32Array(capacity));
  }
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Whether the string literal at `start` is an f-string or a template string. */
function mayInterpolate(text: string, start: number): boolean {
  for (let i = start; i < start + 3; i++) {
    const unit = text.charCodeAt(i) | 32;
    if (unit === 102 || unit === 116) return true;
    if (unit === 34 || unit === 39) return false;
  }
  return false;
}
