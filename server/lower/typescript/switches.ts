// Lowering of switch: a branch whose arms are the clauses, those that fall through joined with what they fall into.
import ts from 'typescript';
import { lowerTested } from './conditions';
import type { FunctionLowering } from './lowering';

const K = ts.SyntaxKind;

/** Lowers a switch. A `break` out of it is no operation: an arm ends there by itself. */
export function lowerSwitch(
  f: FunctionLowering,
  node: ts.SwitchStatement,
  lowerStatements: (f: FunctionLowering, statements: readonly ts.Statement[]) => void,
): void {
  f.builder.statement(f.span(node), () => {
    const { depends } = lowerTested(f, node.expression);
    const { clauses } = node.caseBlock;
    f.inScopeOf(node.caseBlock, () => {
      for (const clause of clauses) if (clause.kind === K.CaseClause) lowerTested(f, clause.expression);
      const outer = f.breakLeaves;
      f.breakLeaves = 'switch';
      const arms = groupsOf(clauses).map((group) => () => {
        group.forEach((clause, index) => {
          const lower = () => lowerStatements(f, clause.statements);
          // All but the last may have been skipped on the way to the last.
          if (index < group.length - 1) f.builder.branch(f.span(clause), [], [lower, () => {}]);
          else lower();
        });
      });
      if (!clauses.some(({ kind }) => kind === K.DefaultClause)) arms.push(() => {});
      f.builder.branch(f.span(node), depends, arms);
      f.breakLeaves = outer;
    });
  });
}

/** Clauses that can run one after the other, together. */
function groupsOf(clauses: readonly ts.CaseOrDefaultClause[]): ts.CaseOrDefaultClause[][] {
  const groups: ts.CaseOrDefaultClause[][] = [];
  let open: ts.CaseOrDefaultClause[] = [];
  for (const clause of clauses) {
    if (clause.statements.length > 0) open.push(clause);
    if (open.length > 0 && endsWithJump(clause.statements)) {
      groups.push(open);
      open = [];
    }
  }
  if (open.length > 0) groups.push(open);
  return groups;
}

function endsWithJump(statements: readonly ts.Statement[]): boolean {
  const last = statements.at(-1);
  switch (last?.kind) {
    case K.Block:
      return endsWithJump((last as ts.Block).statements);
    case K.BreakStatement:
    case K.ContinueStatement:
    case K.ReturnStatement:
    case K.ThrowStatement:
      return true;
    default:
      return false;
  }
}
