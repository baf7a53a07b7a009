// Nodes: a syntax tree of one Python text as objects that stay good, to walk up and down in. For who edits source text;
// lowering uses the flat tree itself, which is faster and is good only until the next parse.
import type { Span } from '../../text/span';
import type { FlatTree } from './flat-tree';
import { Field, Kind } from './kinds';

export { Field, Kind };
export type KindNumber = (typeof Kind)[keyof typeof Kind];
export type FieldNumber = (typeof Field)[keyof typeof Field];

/** The tree of one text. */
export interface PythonTree {
  readonly text: string;
  readonly root: PythonNode;
  /** Start and end of each comment, flat and ascending. */
  readonly comments: readonly number[];
}

/** A node; its tokens, punctuation and comments are not among its children. */
export class PythonNode implements Span {
  private list: readonly PythonNode[] | undefined;

  /** `number` is the node's number in the flat tree. */
  constructor(
    private readonly tree: FlatTree,
    private readonly number: number,
    readonly parent: PythonNode | undefined,
  ) {}

  get kind(): KindNumber {
    return this.tree.kind[this.number] as KindNumber;
  }

  /** The field that it fills in its parent. */
  get field(): FieldNumber {
    return this.tree.field[this.number] as FieldNumber;
  }

  get start(): number {
    return this.tree.start[this.number];
  }

  get end(): number {
    return this.tree.end[this.number];
  }

  get text(): string {
    return this.tree.text.slice(this.start, this.end);
  }

  /** Without the tokens that lowering asks for, such as `async` and operators. */
  get children(): readonly PythonNode[] {
    return this.all.filter((child) => child.kind < Kind.asyncToken);
  }

  /** `async def`, `async with`, `async for`. */
  get isAsync(): boolean {
    return this.all.some((child) => child.kind === Kind.asyncToken);
  }

  /** The first child that fills a field. */
  child(field: FieldNumber): PythonNode | undefined {
    return this.all.find((child) => child.field === field);
  }

  /** The innermost node around this one, itself included, that is of one of the kinds. */
  closest(...kinds: readonly KindNumber[]): PythonNode | undefined {
    for (let node: PythonNode | undefined = this; node; node = node.parent) if (kinds.includes(node.kind)) return node;
    return undefined;
  }

  /** This node and all below it, in source order. */
  *walk(): Iterable<PythonNode> {
    yield this;
    for (const child of this.children) yield* child.walk();
  }

  private get all(): readonly PythonNode[] {
    if (this.list) return this.list;
    const found: PythonNode[] = [];
    const { next } = this.tree;
    for (let child = this.number + 1; child < next[this.number]; child = next[child]) found.push(new PythonNode(this.tree, child, this));
    return (this.list = found);
  }
}

/** The nodes of a flat tree, whose arrays are copied. */
export function pythonTree(flat: FlatTree): PythonTree {
  const { count, kind, field, start, end, next, parent } = flat;
  const kept: FlatTree = {
    ...flat,
    kind: kind.slice(0, count),
    field: field.slice(0, count),
    start: start.slice(0, count),
    end: end.slice(0, count),
    next: next.slice(0, count),
    parent: parent.slice(0, count),
  };
  return { text: flat.text, root: new PythonNode(kept, 0, undefined), comments: [...flat.comments] };
}

/** The innermost node that holds a span; of those that cover exactly the same text the outermost, a statement rather than a block of that one. */
export function pythonNodeAt(tree: PythonTree, span: Span): PythonNode {
  let node = tree.root;
  for (;;) {
    const inner = node.children.find((child) => child.start <= span.start && span.end <= child.end);
    if (!inner || (node.start === span.start && node.end === span.end && node.kind !== Kind.block && node.kind !== Kind.module)) return node;
    node = inner;
  }
}
