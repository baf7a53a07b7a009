// Patterns: the names that a case of a match statement binds.
import { childrenOf, type FlatTree } from '../../syntax/python/flat-tree';
import { Kind } from '../../syntax/python/kinds';
import { combine } from '../function-builder';
import type { Expression } from '../local-flow';
import type { Lowering } from './lowering';
import { assignName } from './targets';

/** Whether a case pattern takes everything: `_` or a bare name. */
export function matchesAll(tree: FlatTree, pattern: number): boolean {
  const inner = childrenOf(tree, pattern);
  return inner.length === 0 || (inner.length === 1 && tree.kind[inner[0]] === Kind.dottedName && tree.next[inner[0]] === inner[0] + 2);
}

/** Binds the names of a case pattern to what they may hold. */
export function bindPattern(lowering: Lowering, pattern: number, subject: Expression): void {
  const { tree } = lowering;
  const part = combine(subject);
  const { kind, next } = tree;
  for (let node = pattern; node < next[pattern]; node++) {
    if (kind[node] === Kind.dottedName && next[node] === node + 2) {
      const around = kind[tree.parent[node]];
      const isWhole = tree.parent[node] === pattern;
      if (isWhole || around === Kind.casePattern || around === Kind.keywordPattern || around === Kind.unionPattern) {
        assignName(lowering, lowering.nameOf(node + 1), isWhole ? subject : part, node + 1);
      }
    } else if (kind[node] === Kind.splatPattern || (kind[node] === Kind.asPattern && kind[tree.parent[node]] === Kind.casePattern)) {
      const name = childrenOf(tree, node).at(-1);
      const isWhole = kind[node] === Kind.asPattern && tree.parent[node] === pattern;
      if (name !== undefined && kind[name] === Kind.identifier) assignName(lowering, lowering.nameOf(name), isWhole ? subject : part, name);
    }
  }
}
