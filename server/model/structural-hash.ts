// Structural hash: equal for functions that do the same, wherever they stand and however they are laid out.
import { Hasher } from '../text/hash';
import type { ModelFunction } from './module';
import type { Block, ElementKey, Operation, Step } from './operation';
import type { Place } from './place';
import { type TypeReference, UNKNOWN, type Value } from './value';

/** The hash of everything in a function but its spans. */
export function structuralHash(fn: Omit<ModelFunction, 'hash'>): string {
  const hasher = new Hasher();
  hasher
    .add(fn.qualifiedName)
    .add(fn.kind)
    .add(fn.class ?? -1)
    .add(fn.parent ?? -1);
  hasher.add((fn.isAsync ? 1 : 0) | (fn.isGenerator ? 2 : 0) | (fn.isPrivate ? 4 : 0) | (fn.claimsThreadSafety ? 8 : 0) | (fn.calledUnderLock ? 16 : 0));
  for (const lock of fn.requires ?? []) hasher.add(`requires ${lock}`);
  for (const parameter of fn.parameters) {
    hasher.add(parameter.name).add(parameter.rest ?? '');
    if (parameter.annotation) addType(hasher, parameter.annotation);
    if (parameter.default) addValue(hasher, parameter.default);
  }
  for (const decorator of fn.decorators) addValue(hasher, decorator);
  if (fn.returns) addType(hasher, fn.returns);
  for (const operation of fn.operations) addOperation(hasher, operation);
  addBlock(hasher, fn.body);
  return hasher.digest();
}

function addOperation(hasher: Hasher, operation: Operation): void {
  hasher.add(operation.kind).add(operation.statement);
  addNumbers(hasher, operation.depends);
  switch (operation.kind) {
    case 'read':
      addPlace(hasher, operation.place);
      hasher.add(operation.by ?? '');
      addKey(hasher, operation.key);
      break;
    case 'write':
      addPlace(hasher, operation.place);
      addValue(hasher, operation.value);
      hasher.add(operation.mode).add(operation.either?.length ?? 0);
      for (const value of operation.either ?? []) addValue(hasher, value);
      addKey(hasher, operation.key);
      break;
    case 'call':
      addValue(hasher, operation.callee);
      hasher
        .add(operation.form)
        .add(operation.outcome)
        .add(operation.gives ?? '')
        .add(operation.optional ? '?' : '')
        .add(operation.arguments.length);
      for (const argument of operation.arguments) {
        addValue(hasher, argument.value);
        hasher.add(argument.name ?? '').add((argument.spread ? 1 : 0) | (argument.bracketed ? 2 : 0));
        addNumbers(hasher, argument.depends);
      }
      break;
    case 'break':
    case 'continue':
      break;
    default:
      addValue(hasher, operation.value);
  }
}

function addKey(hasher: Hasher, key: ElementKey | undefined): void {
  if (!key) return;
  addValue(hasher, key.value);
  addNumbers(hasher, key.depends);
}

function addBlock(hasher: Hasher, block: Block): void {
  hasher.add(block.length);
  for (const step of block) addStep(hasher, step);
}

function addStep(hasher: Hasher, step: Step): void {
  if (typeof step === 'number') {
    hasher.add(step);
    return;
  }
  hasher.add(step.kind);
  switch (step.kind) {
    case 'branch':
      addNumbers(hasher, step.test);
      hasher
        .add(step.guard ?? '')
        .add(step.negated ? 1 : 0)
        .add(step.asks ? 1 : 0)
        .add(step.arms.length);
      if (step.asks) addPlace(hasher, step.asks);
      for (const arm of step.arms) addBlock(hasher, arm);
      break;
    case 'loop':
      hasher.add(step.endless ? 1 : 0).add(step.over ? 1 : 0);
      addValue(hasher, step.over ?? UNKNOWN);
      addNumbers(hasher, step.test ?? []);
      addBlock(hasher, step.body);
      addBlock(hasher, step.otherwise);
      break;
    case 'try':
      addBlock(hasher, step.body);
      hasher.add(step.handlers.length);
      for (const [index, handler] of step.handlers.entries()) {
        hasher.add(step.catches?.[index]?.join() ?? '');
        addBlock(hasher, handler);
      }
      addBlock(hasher, step.otherwise);
      addBlock(hasher, step.final);
      break;
    case 'with':
      addValue(hasher, step.value);
      addNumbers(hasher, step.depends);
      hasher.add(step.isAsync ? 1 : 0).add(step.statement);
      addBlock(hasher, step.body);
  }
}

/** Adds a value to a hash; also used for the interfaces of modules. */
export function addValue(hasher: Hasher, value: Value): void {
  hasher.add(value.kind);
  switch (value.kind) {
    case 'place':
      addPlace(hasher, value.place);
      break;
    case 'function':
      hasher.add(value.function);
      break;
    case 'class':
      hasher.add(value.class);
      break;
    case 'constant':
      hasher.add(typeof value.value).add(String(value.value));
      break;
    case 'collection':
      hasher.add(value.type).add(value.items.length);
      for (const item of value.items) addValue(hasher, item);
      for (const name of value.names ?? []) hasher.add(name);
      for (const { value: spread, at, name } of value.spreads ?? []) addValue(hasher.add(at).add(name ?? ''), spread);
      break;
    case 'unknown':
  }
}

/** Adds a declared type to a hash. */
export function addType(hasher: Hasher, type: TypeReference): void {
  addPlace(hasher, type.place);
  hasher.add(type.arguments?.length ?? 0);
  for (const argument of type.arguments ?? []) addType(hasher, argument);
}

/** Without printing it first: places are most of what there is to hash. */
function addPlace(hasher: Hasher, { root, path }: Place): void {
  hasher.add(root.kind);
  switch (root.kind) {
    case 'receiver':
    case 'class':
      hasher.add(root.class);
      break;
    case 'parameter':
      hasher.add(root.index);
      break;
    case 'variable':
      hasher.add(root.function).add(root.name);
      break;
    case 'module':
    case 'global':
      hasher.add(root.name);
      break;
    case 'import':
      hasher
        .add(root.specifier)
        .add(root.name === undefined ? 0 : 1)
        .add(root.name ?? '');
      break;
    case 'result':
      hasher.add(root.operation);
      break;
    case 'unknown':
  }
  hasher.add(path.length);
  for (const step of path) hasher.add(step);
}

function addNumbers(hasher: Hasher, numbers: readonly number[]): void {
  hasher.add(numbers.length);
  for (const number of numbers) hasher.add(number);
}
