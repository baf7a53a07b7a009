// Trivia: where tokens begin behind white space and comments, and where the comments of a text are.
import ts from 'typescript';

/** The offset of the first token at or after `pos`. A loop of our own: `getStart` does far more for each node. */
export function tokenStart(text: string, pos: number): number {
  let at = pos;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0 || unit === 0xfeff || unit === 0x2028 || unit === 0x2029) {
      at++;
    } else if (unit === 47) {
      const next = text.charCodeAt(at + 1);
      if (next !== 47 && next !== 42) return at;
      at = endOfComment(text, at);
    } else if (unit === 35 && at === 0 && text.charCodeAt(1) === 33) {
      at = endOfLine(text, at);
    } else {
      return at;
    }
  }
}

/** Start and end of each comment, flat and ascending: `[start, end, start, end, …]`. */
export function commentsOf(tree: ts.SourceFile): number[] {
  const { text } = tree;
  const comments: number[] = [];
  let at = text.startsWith('#!') ? endOfLine(text, 0) : 0;
  for (;;) {
    at = text.indexOf('/', at);
    if (at < 0) return comments;
    const next = text.charCodeAt(at + 1);
    if (next !== 47 && next !== 42) {
      at++;
      continue;
    }
    const literal = literalAround(tree, at);
    if (literal) {
      at = Math.max(literal.end, at + 1);
      continue;
    }
    const end = endOfComment(text, at);
    comments.push(at, end);
    at = end;
  }
}

/** The string, template, regular expression or JSX text that holds an offset; undefined where the offset is in no such token. */
function literalAround(tree: ts.SourceFile, offset: number): ts.Node | undefined {
  let node: ts.Node = tree;
  for (;;) {
    const child: ts.Node | undefined = ts.forEachChild(
      node,
      (each) => (each.pos <= offset && offset < each.end ? each : undefined),
      (nodes) => nodeAround(nodes, offset),
    );
    if (!child) return undefined;
    if (child.kind === ts.SyntaxKind.JsxText) return child;
    if (offset < tokenStart(tree.text, child.pos)) return undefined;
    if (isLiteral(child.kind)) return child;
    node = child;
  }
}

function nodeAround(nodes: ts.NodeArray<ts.Node>, offset: number): ts.Node | undefined {
  let low = 0;
  let high = nodes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (nodes[middle].end <= offset) low = middle + 1;
    else if (nodes[middle].pos > offset) high = middle - 1;
    else return nodes[middle];
  }
  return undefined;
}

function isLiteral(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstLiteralToken && kind <= ts.SyntaxKind.LastTemplateToken;
}

function endOfComment(text: string, start: number): number {
  if (text.charCodeAt(start + 1) === 47) return endOfLine(text, start);
  const end = text.indexOf('*/', start + 2);
  return end < 0 ? text.length : end + 2;
}

function endOfLine(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) break;
  }
  return at;
}
