// Printer: a module as compact, stable text without spans, for golden tests and for people who debug the lowering.
import type { Binding, Field, ModelClass, ModelFunction, Module, Parameter } from './module';
import type { Argument, Block, ElementKey, Operation, Step } from './operation';
import { printPlace } from './place';
import type { TypeReference, Value } from './value';

/** Blocks and collections nested deeper than this are printed as an ellipsis, so that no input overflows the stack. */
const DEEPEST = 200;

/** The module as text: bindings, exports, classes, then every function with its operations in their structure. */
export function printModule(module: Module): string {
  const lines = [`${module.language} ${module.file}`];
  for (const [name, binding] of sortedEntries(module.bindings)) lines.push(`  ${name} = ${printBinding(binding)}`);
  for (const entry of module.exports) {
    const source = entry.specifier === undefined ? '' : ` from ${quote(entry.specifier)}${entry.from === undefined ? '' : ` as ${entry.from}`}`;
    lines.push(`  export ${entry.name}${entry.local === undefined ? '' : ` = ${entry.local}`}${source}`);
  }
  module.classes.forEach((each, index) => printClass(each, index, lines));
  module.functions.forEach((each, index) => lines.push(...printFunction(each, index)));
  for (const { place, lock } of module.guards ?? []) lines.push(`${printPlace(place)} guarded by ${lock}`);
  for (const problem of module.problems) lines.push(`problem: ${problem.message}`);
  return `${lines.join('\n')}\n`;
}

/** One function as lines: its head, then its operations in their structure. */
export function printFunction(fn: ModelFunction, index: number): string[] {
  const words = [
    `function ${index}`,
    ...(fn.isAsync ? ['async'] : []),
    ...(fn.isGenerator ? ['generator'] : []),
    ...(fn.isPrivate ? ['private'] : []),
    fn.kind,
    `${fn.qualifiedName}(${fn.parameters.map(printParameter).join(', ')})${fn.returns ? `: ${printType(fn.returns)}` : ''}`,
    ...(fn.class === undefined ? [] : [`class ${fn.class}`]),
    ...(fn.parent === undefined ? [] : [`in ${fn.parent}`]),
    ...fn.decorators.map((decorator) => `@${printValue(decorator)}`),
    ...(fn.requires ?? []).map((lock) => `requires ${lock}`),
  ];
  const lines = [words.join(' ')];
  printBlock(fn.body, fn, 1, lines);
  return lines;
}

/** A value in one line: `'text'`, `null`, `function 3`, `[1, receiver(0).lock]`. */
export function printValue(value: Value, depth = 0): string {
  switch (value.kind) {
    case 'place':
      return printPlace(value.place);
    case 'function':
      return `function ${value.function}`;
    case 'class':
      return `class ${value.class}`;
    case 'constant':
      return typeof value.value === 'string' ? quote(value.value) : String(value.value);
    case 'collection':
      return depth > DEEPEST ? '…' : `${value.type}[${printItems(value, depth + 1).join(', ')}]`;
    case 'unknown':
      return '?';
  }
}

/** The items of a literal, with what is spread into it in between. */
function printItems({ items, spreads }: Value & { kind: 'collection' }, depth: number): string[] {
  const printed = items.map((item) => printValue(item, depth));
  for (const { value, at } of [...(spreads ?? [])].reverse()) printed.splice(at, 0, `...${printValue(value, depth)}`);
  return printed;
}

/** An operation in one line, without its number. */
export function printOperation(operation: Operation): string {
  const from = printDepends(operation.depends);
  switch (operation.kind) {
    case 'read':
      return `read ${printPlace(operation.place)}${printKey(operation.key)}${from}`;
    case 'write':
      return operation.mode === 'delete'
        ? `delete ${printPlace(operation.place)}${printKey(operation.key)}${from}`
        : `${operation.mode} ${printPlace(operation.place)}${printKey(operation.key)} = ${operation.either?.map((value) => printValue(value)).join(' or ') ?? printValue(operation.value)}${from}`;
    case 'call': {
      const form = operation.form === 'call' ? 'call' : operation.form;
      return `${form} ${printValue(operation.callee)}(${operation.arguments.map(printArgument).join(', ')}) ${operation.outcome}${operation.gives ? ` gives ${operation.gives}` : ''}${operation.optional ? ' optional' : ''}${from}`;
    }
    case 'break':
    case 'continue':
      return operation.kind + from;
    default:
      return `${operation.kind} ${printValue(operation.value)}${from}`;
  }
}

function printBlock(block: Block, fn: ModelFunction, depth: number, lines: string[]): void {
  if (depth > DEEPEST) lines.push(`${indent(DEEPEST)}…`);
  else for (const step of block) printStep(step, fn, depth, lines);
}

function printStep(step: Step, fn: ModelFunction, depth: number, lines: string[]): void {
  const head = (text: string) => lines.push(indent(depth) + text);
  const part = (title: string, block: Block) => {
    head(title);
    printBlock(block, fn, depth + 1, lines);
  };
  if (typeof step === 'number') {
    const operation = fn.operations[step];
    head(`${step} ${operation ? printOperation(operation) : 'no such operation'}`);
    return;
  }
  switch (step.kind) {
    case 'branch': {
      const flags = `${step.guard ? ` ${step.guard}` : ''}${step.negated ? ' not' : ''}`;
      step.arms.forEach((arm, index) => part(index === 0 ? `branch${flags}${printDepends(step.test)}` : 'or', arm));
      break;
    }
    case 'loop':
      part(step.endless ? 'loop endless' : 'loop', step.body);
      if (step.otherwise.length > 0) part('loop else', step.otherwise);
      break;
    case 'try':
      part('try', step.body);
      for (const handler of step.handlers) part('handler', handler);
      if (step.otherwise.length > 0) part('try else', step.otherwise);
      if (step.final.length > 0) part('finally', step.final);
      break;
    case 'with':
      part(`${step.isAsync ? 'async with' : 'with'} ${printValue(step.value)}${printDepends(step.depends)}`, step.body);
  }
}

function printClass(each: ModelClass, index: number, lines: string[]): void {
  const decorators = each.decorators.map((decorator) => ` @${printValue(decorator)}`).join('');
  lines.push(
    `class ${index} ${each.qualifiedName}(${[...each.bases.map((base) => printValue(base)), ...(each.metaclass ? [`metaclass=${printValue(each.metaclass)}`] : [])].join(', ')})${decorators}${each.claimsThreadSafety ? ' claims thread safety' : ''}`,
  );
  for (const field of each.fields) lines.push(`  ${printField(field)}`);
  for (const [name, method] of sortedEntries(each.methods)) lines.push(`  method ${name} = function ${method}`);
}

function printField(field: Field): string {
  const type = field.annotation ? `: ${printType(field.annotation)}` : '';
  return `${field.shared ? 'shared ' : ''}field ${field.name}${type}${field.value ? ` = ${printValue(field.value)}` : ''}`;
}

function printBinding(binding: Binding): string {
  switch (binding.kind) {
    case 'function':
      return `function ${binding.function}`;
    case 'class':
      return `class ${binding.class}`;
    case 'import':
      return `import ${quote(binding.specifier)}${binding.name === undefined ? '' : ` ${binding.name}`}`;
    case 'variable':
      return `variable${binding.annotation ? `: ${printType(binding.annotation)}` : ''} ${binding.values.map((value) => printValue(value)).join(' | ')}`.trimEnd();
  }
}

function printParameter(parameter: Parameter): string {
  const stars = parameter.rest === 'positional' ? '*' : parameter.rest === 'keyword' ? '**' : '';
  const type = parameter.annotation ? `: ${printType(parameter.annotation)}` : '';
  return `${stars}${parameter.name}${type}${parameter.default ? ` = ${printValue(parameter.default)}` : ''}`;
}

function printArgument(argument: Argument): string {
  return `${argument.spread ? '...' : ''}${argument.name === undefined ? '' : `${argument.name}=`}${printValue(argument.value)}${printDepends(argument.depends)}`;
}

function printType(type: TypeReference, depth = 0): string {
  const inner = depth > DEEPEST ? '…' : type.arguments?.map((argument) => printType(argument, depth + 1)).join(', ');
  return `${printPlace(type.place)}${inner ? `<${inner}>` : ''}`;
}

/** Which element is meant; nothing for one of which nothing is known. */
function printKey(key: ElementKey | undefined): string {
  return key && key.value.kind !== 'unknown' ? ` at ${printValue(key.value)}` : '';
}

function printDepends(depends: readonly number[]): string {
  return depends.length === 0 ? '' : ` <- ${depends.join(' ')}`;
}

/** Entries by name, so that the text does not change with the order of discovery. */
function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}
