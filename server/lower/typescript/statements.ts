// Lowering of statements other than declarations: what makes the control flow.
import ts from 'typescript';
import type { Branch } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import type { Value } from '../../model/value';
import { outcomeOf } from '../function-builder';
import { type Expression, UNKNOWN_EXPRESSION } from '../local-flow';
import { type Condition, lowerCondition, operandsOf } from './conditions';
import { isUsing, lowerDeclarations, lowerUsing } from './declarations';
import { type FunctionLowering, Tables } from './lowering';
import { nameOf, unwrap } from './names';
import { extendValue, readPath } from './names-and-places';
import { lowerSwitch } from './switches';
import { bindName, lowerTarget } from './writing';

const K = ts.SyntaxKind;
const tables = new Tables();
export const STATEMENT_TABLES = tables;

/** Longer chains of `&&` in an `if` are not taken apart. */
const MOST_CONJUNCTS = 6;

tables.statement([K.Block, K.ModuleBlock], (f, node: ts.Block) => f.inScopeOf(node, () => lowerStatements(f, node.statements)));

/** Lowers statements in order. `from`: the first of them that is still to be lowered. */
export function lowerStatements(f: FunctionLowering, statements: readonly ts.Statement[], from = 0): void {
  for (let i = from; i < statements.length; i++) {
    const statement = statements[i];
    if (isUsing(statement)) {
      lowerUsing(f, statement, () => lowerStatements(f, statements, i + 1));
      return;
    }
    if (f.breakLeaves === 'switch') {
      if (statement.kind === K.BreakStatement && !(statement as ts.BreakStatement).label) return;
      if (leavesSwitch(statement)) {
        // The break is no operation: whatever follows runs on the other path only.
        lowerIf(f, statement, () => lowerStatements(f, statements, i + 1));
        return;
      }
    }
    f.statement(statement);
  }
}

/** `if (…) { …; break; }` directly in a switch. */
function leavesSwitch(node: ts.Statement): node is ts.IfStatement {
  if (node.kind !== K.IfStatement || (node as ts.IfStatement).elseStatement) return false;
  const { thenStatement } = node as ts.IfStatement;
  const last = thenStatement.kind === K.Block ? (thenStatement as ts.Block).statements.at(-1) : thenStatement;
  return last?.kind === K.BreakStatement && !(last as ts.BreakStatement).label;
}

tables.statement([K.ExpressionStatement], (f, node: ts.ExpressionStatement) =>
  f.builder.statement(f.span(node), () => void f.expression(node.expression, 'dropped')),
);

tables.statement([K.IfStatement], (f, node: ts.IfStatement) => {
  const { elseStatement } = node;
  lowerIf(f, node, elseStatement && (() => f.statement(elseStatement)));
});

function lowerIf(f: FunctionLowering, node: ts.IfStatement, otherwise: (() => void) | undefined): void {
  f.builder.statement(f.span(node), () => {
    const then = () => f.statement(node.thenStatement);
    const conjuncts = otherwise ? [] : operandsOf(node.expression, K.AmpersandAmpersandToken);
    // Without an else, `if (a && b)` is `if (a) if (b)`: each test keeps its own sense.
    if (conjuncts.length > 1 && conjuncts.length <= MOST_CONJUNCTS) lowerConjuncts(f, node, conjuncts, then);
    else lowerArms(f, node, lowerCondition(f, node.expression), then, otherwise);
  });
}

function lowerConjuncts(f: FunctionLowering, node: ts.Node, conjuncts: readonly ts.Expression[], then: () => void): void {
  const [first, ...others] = conjuncts;
  const inner = others.length === 0 ? then : () => lowerConjuncts(f, node, others, then);
  lowerArms(f, node, lowerCondition(f, first), inner, undefined);
}

function lowerArms(f: FunctionLowering, node: ts.Node, condition: Condition, then: () => void, otherwise: (() => void) | undefined): void {
  const other = otherwise ?? (() => {});
  if (condition.guard) {
    const arms = condition.guard === 'main' ? [then, other] : [other, then];
    f.builder.branch(f.span(node), condition.depends, arms, { guard: 'main-module' });
    return;
  }
  const extra: Pick<Branch, 'negated' | 'asks'> = { ...(condition.negated ? { negated: true } : {}), ...(condition.asks ? { asks: condition.asks } : {}) };
  f.builder.branch(f.span(node), condition.depends, [then, other], extra);
}

// Loops. The condition and the step run in each round.
function lowerLoop(f: FunctionLowering, node: ts.Node, round: () => void, endless: boolean, over?: Value): void {
  const outer = f.breakLeaves;
  f.breakLeaves = 'loop';
  f.builder.loop(f.span(node), round, { endless, ...(over ? { over } : {}) });
  f.breakLeaves = outer;
}

tables.statement([K.WhileStatement], (f, node: ts.WhileStatement) =>
  f.builder.statement(f.span(node), () => {
    const round = () => {
      f.expression(node.expression);
      f.statement(node.statement);
    };
    lowerLoop(f, node, round, isAlwaysTrue(node.expression));
  }),
);
tables.statement([K.DoStatement], (f, node: ts.DoStatement) =>
  f.builder.statement(f.span(node), () => {
    const round = () => {
      f.statement(node.statement);
      f.expression(node.expression);
    };
    lowerLoop(f, node, round, isAlwaysTrue(node.expression));
  }),
);
tables.statement([K.ForStatement], (f, node: ts.ForStatement) =>
  f.builder.statement(f.span(node), () =>
    f.inScopeOf(node, () => {
      const { initializer, condition, incrementor } = node;
      if (initializer?.kind === K.VariableDeclarationList) lowerDeclarations(f, initializer as ts.VariableDeclarationList);
      else if (initializer) f.expression(initializer, 'dropped');
      const round = () => {
        if (condition) f.expression(condition);
        f.statement(node.statement);
        if (incrementor) f.expression(incrementor, 'dropped');
      };
      // One that counts goes through something, whatever that is; `for (;;)` does not.
      lowerLoop(f, node, round, !condition || isAlwaysTrue(condition), incrementor ? UNKNOWN_EXPRESSION.value : undefined);
    }),
  ),
);
tables.statement([K.ForOfStatement, K.ForInStatement], (f, node: ts.ForOfStatement | ts.ForInStatement) =>
  f.builder.statement(f.span(node), () => {
    const source = f.expression(node.expression);
    f.inScopeOf(node, () => {
      const round = () => {
        const item = lowerItem(f, node, source);
        const { initializer } = node;
        if (initializer.kind === K.VariableDeclarationList) {
          const [declaration] = (initializer as ts.VariableDeclarationList).declarations;
          if (declaration) bindName(f, declaration.name, declaration, item);
        } else {
          lowerTarget(f, initializer as ts.Expression)(item, 'assign', initializer);
        }
        f.statement(node.statement);
      };
      lowerLoop(f, node, round, false, node.kind === K.ForOfStatement ? source.value : undefined);
    });
  }),
);

/** What a loop over something takes in each round. */
function lowerItem(f: FunctionLowering, node: ts.ForOfStatement | ts.ForInStatement, source: Expression): Expression {
  if (node.kind === K.ForInStatement) return { value: UNKNOWN_EXPRESSION.value, depends: source.depends };
  if (node.awaitModifier) {
    return outcomeOf(f.builder.emit({ kind: 'await', value: source.value, depends: source.depends, span: f.span(node.expression) }));
  }
  const { value } = source;
  if (value.kind === 'collection' && value.items.length === 1) return { value: value.items[0], depends: source.depends };
  return readPath(f, node.expression, extendValue(value, ELEMENT), source.depends);
}

function isAlwaysTrue(node: ts.Expression): boolean {
  const inner = unwrap(node);
  return inner.kind === K.TrueKeyword || (inner.kind === K.NumericLiteral && (inner as ts.NumericLiteral).text !== '0');
}

tables.statement([K.SwitchStatement], (f, node: ts.SwitchStatement) => lowerSwitch(f, node, lowerStatements));

tables.statement([K.TryStatement], (f, node: ts.TryStatement) =>
  f.builder.statement(f.span(node), () => {
    const { tryBlock, catchClause, finallyBlock } = node;
    f.builder.attempt(f.span(node), {
      body: () => f.statement(tryBlock),
      handlers: catchClause ? [() => lowerCatch(f, catchClause)] : [],
      ...(finallyBlock ? { final: () => f.statement(finallyBlock) } : {}),
    });
  }),
);

function lowerCatch(f: FunctionLowering, node: ts.CatchClause): void {
  f.inScopeOf(node, () => {
    const { variableDeclaration } = node;
    const bind = () => variableDeclaration && bindName(f, variableDeclaration.name, variableDeclaration, UNKNOWN_EXPRESSION);
    // A plain name does nothing: as a statement it would look like work on a local variable.
    if (variableDeclaration && variableDeclaration.name.kind !== K.Identifier) f.builder.statement(f.span(variableDeclaration), bind);
    else bind();
    f.statement(node.block);
  });
}

tables.statement([K.ReturnStatement], (f, node: ts.ReturnStatement) =>
  f.builder.statement(f.span(node), () => {
    const { value, depends } = node.expression ? f.expression(node.expression, 'returned') : { value: { kind: 'constant' as const, value: null }, depends: [] };
    f.builder.emit({ kind: 'return', value, depends, span: f.span(node) });
  }),
);
tables.statement([K.ThrowStatement], (f, node: ts.ThrowStatement) =>
  f.builder.statement(f.span(node), () => {
    const { value, depends } = f.expression(node.expression);
    f.builder.emit({ kind: 'raise', value, depends, span: f.span(node) });
  }),
);
tables.statement([K.BreakStatement], (f, node: ts.BreakStatement) => {
  if (node.label ? f.blockLabels?.has(nameOf(node.label)) : f.breakLeaves === 'switch') return;
  f.builder.statement(f.span(node), () => void f.builder.emit({ kind: 'break', depends: [], span: f.span(node) }));
});
tables.statement([K.ContinueStatement], (f, node: ts.ContinueStatement) => {
  f.builder.statement(f.span(node), () => void f.builder.emit({ kind: 'continue', depends: [], span: f.span(node) }));
});
tables.statement([K.LabeledStatement], (f, node: ts.LabeledStatement) => {
  if (!ts.isIterationStatement(node.statement, false)) {
    f.blockLabels ??= new Set();
    f.blockLabels.add(nameOf(node.label));
  }
  f.statement(node.statement);
});
tables.statement([K.WithStatement], (f, node: ts.WithStatement) =>
  f.builder.statement(f.span(node), () => {
    f.expression(node.expression);
    f.statement(node.statement);
  }),
);

tables.statement([K.ExportAssignment], (f, node: ts.ExportAssignment) =>
  f.builder.statement(f.span(node), () => {
    const { value, depends } = f.expression(node.expression);
    const local = node.isExportEquals ? 'export=' : 'default';
    const exported = f.module.exportedExpressions.get(local);
    if (!exported || f.module.scan.functionOf.has(exported) || f.module.scan.classOf.has(exported)) return;
    f.module.bind(local, value);
    f.builder.emit({ kind: 'write', place: { root: { kind: 'module', name: local }, path: [] }, value, mode: 'assign', depends, span: f.span(node) });
  }),
);
