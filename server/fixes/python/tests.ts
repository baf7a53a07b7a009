// Tests of Python code: the condition of an if or while statement, its opposite, and whether it may be evaluated more than once.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { contains } from './blocks';

/** The condition without the parentheses around it. */
export function bareTest(test: PythonNode): PythonNode {
  return test.kind === Kind.parenthesized && test.children.length === 1 ? bareTest(test.children[0]) : test;
}

/** What is true just where a test is not. */
export function oppositeOf(test: PythonNode): string {
  const bare = bareTest(test);
  if (bare.kind === Kind.notOperator) return bareTest(bare.child(Field.argument) ?? bare.children[0]).text;
  const [left, right] = bare.children;
  if (bare.kind === Kind.comparisonOperator && bare.children.length === 2) {
    const sign = bare.text
      .slice(left.end - bare.start, right.start - bare.start)
      .trim()
      .replace(/\s+/g, ' ');
    const opposite = OPPOSITES[sign];
    if (opposite) return `${left.text} ${opposite} ${right.text}`;
  }
  return SINGLE.has(bare.kind) ? `not ${bare.text}` : `not (${bare.text})`;
}

const OPPOSITES: Readonly<Record<string, string>> = { '==': '!=', '!=': '==', is: 'is not', 'is not': 'is', in: 'not in', 'not in': 'in' };
const SINGLE = new Set<number>([Kind.identifier, Kind.attribute, Kind.call, Kind.subscript]);

/** A test, and others that have to hold as well. */
export function allOf(test: PythonNode, others: readonly string[]): string {
  if (others.length === 0) return test.text;
  const bare = bareTest(test);
  const isLoose = (bare.kind === Kind.booleanOperator && !isConjunction(bare)) || bare.kind === Kind.conditionalExpression || bare.kind === Kind.lambda;
  return [isLoose ? `(${bare.text})` : bare.text, ...others].join(' and ');
}

function isConjunction({ text, start, children: [left, right] }: PythonNode): boolean {
  return /\band\b/.test(text.slice(left.end - start, right.start - start));
}

/** Whether evaluating it again and again, or elsewhere, is the same as evaluating it here and once: it binds nothing and waits for nothing. */
export function isRepeatable(test: PythonNode): boolean {
  return !contains(test, Kind.namedExpression, Kind.await, Kind.yield);
}

/** Whether nothing is called but what looks at an object. */
export function looksOnly(test: PythonNode): boolean {
  for (const node of test.walk()) {
    if (
      node.kind === Kind.call &&
      !/^(?:len|bool|any|all|isinstance|[\w.]+\.(?:is_set|empty|full|qsize|is_alive|done|get))$/.test(node.child(Field.function)?.text ?? '')
    )
      return false;
  }
  return true;
}
