// Validator: says which invariants of the model a module breaks; run by tests over everything the front ends produce.
import type { Span } from '../text/span';
import type { ModelClass, ModelFunction, Module } from './module';
import type { Block, Operation, Step } from './operation';
import type { Place } from './place';
import { structuralHash } from './structural-hash';
import type { TypeReference, Value } from './value';

/** Every broken invariant as a sentence; empty for a sound module. `textLength` is that of the source, in UTF-16 units. */
export function validateModule(module: Module, textLength: number): string[] {
  return new Validation(module, textLength).run();
}

/** Where a place or value stands: whose parameters, captured variables and operations its roots refer to. */
interface Scope {
  readonly where: string;
  /** The function whose roots are meant; absent where the model does not say which (fields and bases of classes). */
  readonly function?: number;
  /** Results must come from operations before this one. */
  readonly before?: number;
}

class Validation {
  private readonly broken: string[] = [];

  constructor(
    private readonly module: Module,
    private readonly textLength: number,
  ) {}

  run(): string[] {
    this.checkModule();
    this.module.classes.forEach((each, index) => this.checkClass(each, index));
    this.module.functions.forEach((each, index) => this.checkFunction(each, index));
    return this.broken;
  }

  private checkModule(): void {
    const { functions, bindings, exports, comments, problems } = this.module;
    if (functions.length === 0) this.report('module: has no function 0');
    for (const [name, binding] of Object.entries(bindings)) {
      const where = `binding ${name}`;
      if (binding.kind === 'function') this.checkIndex(binding.function, functions.length, where, 'function');
      else if (binding.kind === 'class') this.checkIndex(binding.class, this.module.classes.length, where, 'class');
      else {
        this.checkSpan(binding.span, where);
        if (binding.kind === 'variable') {
          for (const value of binding.values) this.checkValue(value, { where, function: 0 });
          if (binding.annotation) this.checkType(binding.annotation, { where, function: 0 });
        }
      }
    }
    for (const entry of exports) {
      if (entry.local === undefined && entry.specifier === undefined) this.report(`export ${entry.name}: names neither a local nor a specifier`);
    }
    if (comments.length % 2 !== 0) this.report('comments: an odd number of offsets');
    for (let i = 0; i + 1 < comments.length; i += 2) {
      this.checkSpan({ start: comments[i], end: comments[i + 1] }, `comment ${i / 2}`);
      if (i > 0 && comments[i] < comments[i - 1]) this.report(`comment ${i / 2}: begins before the one before it ends`);
    }
    for (const { place, lock, span } of this.module.guards ?? []) {
      this.checkPlace(place, { where: `guard ${lock}`, function: 0 });
      this.checkSpan(span, `guard ${lock}`);
    }
    for (const problem of problems) this.checkSpan(problem.span, `problem "${problem.message}"`);
  }

  private checkClass(each: ModelClass, index: number): void {
    const where = `class ${index} ${each.qualifiedName}`;
    this.checkSpan(each.span, where);
    this.checkSpan(each.nameSpan, `${where}, name`);
    for (const value of [...each.bases, ...(each.metaclass ? [each.metaclass] : []), ...each.decorators]) this.checkValue(value, { where });
    for (const [name, method] of Object.entries(each.methods)) {
      if (!this.checkIndex(method, this.module.functions.length, `${where}, method ${name}`, 'function')) continue;
      if (this.module.functions[method].class !== index) this.report(`${where}, method ${name}: function ${method} belongs to another class`);
    }
    for (const field of each.fields) {
      const at = `${where}, field ${field.name}`;
      this.checkSpan(field.span, at);
      if (field.value) this.checkValue(field.value, { where: at });
      if (field.annotation) this.checkType(field.annotation, { where: at });
    }
  }

  private checkFunction(fn: ModelFunction, index: number): void {
    const where = `function ${index} ${fn.qualifiedName}`;
    this.checkSpan(fn.span, where);
    this.checkSpan(fn.nameSpan, `${where}, name`);
    if (fn.class !== undefined) this.checkIndex(fn.class, this.module.classes.length, where, 'class');
    this.checkParent(fn, index, where);
    const outside: Scope = { where, function: fn.parent ?? 0 };
    for (const value of fn.decorators) this.checkValue(value, outside);
    if (fn.returns) this.checkType(fn.returns, outside);
    for (const parameter of fn.parameters) {
      if (parameter.annotation) this.checkType(parameter.annotation, outside);
      if (parameter.default) this.checkValue(parameter.default, outside);
    }
    fn.statements.forEach((span, statement) => this.checkSpan(span, `${where}, statement ${statement}`));
    fn.operations.forEach((operation, number) => this.checkOperation(operation, number, fn, index));
    this.checkStructure(fn, index);
    if (fn.hash !== structuralHash(fn)) this.report(`${where}: its hash is not that of its content`);
  }

  private checkParent(fn: ModelFunction, index: number, where: string): void {
    if ((index === 0) !== (fn.kind === 'module')) this.report(`${where}: function 0, and no other, is the module's body`);
    if (index === 0) {
      if (fn.parent !== undefined) this.report(`${where}: the module's body has no parent`);
      return;
    }
    if (fn.parent === undefined) this.report(`${where}: has no parent`);
    else if (this.checkIndex(fn.parent, this.module.functions.length, where, 'function') && !this.enclosing(index).has(0)) {
      this.report(`${where}: its parents do not lead to the module's body`);
    }
  }

  private checkOperation(operation: Operation, number: number, fn: ModelFunction, index: number): void {
    const where = `function ${index} ${fn.qualifiedName}, operation ${number} ${operation.kind}`;
    const scope: Scope = { where, function: index, before: number };
    this.checkSpan(operation.span, where);
    this.checkStatement(operation, fn, where);
    this.checkDepends(operation.depends, number, where);
    if (operation.kind === 'read' || operation.kind === 'write') {
      this.checkPlace(operation.place, scope);
      if (operation.key) {
        this.checkValue(operation.key.value, scope);
        this.checkDepends(operation.key.depends, number, `${where}, key`);
      }
    }
    if (operation.kind === 'write') for (const value of operation.either ?? []) this.checkValue(value, scope);
    if (operation.kind === 'call') {
      this.checkValue(operation.callee, scope);
      operation.arguments.forEach((argument, position) => {
        this.checkValue(argument.value, scope);
        this.checkDepends(argument.depends, number, `${where}, argument ${position}`);
      });
    } else if ('value' in operation) this.checkValue(operation.value, scope);
  }

  private checkStatement(item: { readonly statement: number; readonly span: Span }, fn: ModelFunction, where: string): void {
    if (!this.checkIndex(item.statement, fn.statements.length, where, 'statement')) return;
    const whole = fn.statements[item.statement];
    if (item.span.start < whole.start || item.span.end > whole.end) this.report(`${where}: lies outside its statement ${item.statement}`);
  }

  /** Walks the body without recursion, as its depth follows the source's. */
  private checkStructure(fn: ModelFunction, index: number): void {
    const where = `function ${index} ${fn.qualifiedName}`;
    const seen = new Uint8Array(fn.operations.length);
    const pending: Block[] = [fn.body];
    for (let block = pending.pop(); block; block = pending.pop()) {
      for (const step of block) {
        if (typeof step !== 'number') {
          this.checkStep(step, fn, index);
          pending.push(...innerBlocks(step));
        } else if (this.checkIndex(step, fn.operations.length, `${where}, body`, 'operation')) {
          if (seen[step]++ === 1) this.report(`${where}: operation ${step} appears more than once in its body`);
        }
      }
    }
    seen.forEach((times, number) => {
      if (times === 0) this.report(`${where}: operation ${number} appears nowhere in its body`);
    });
  }

  private checkStep(step: Exclude<Step, number>, fn: ModelFunction, index: number): void {
    const where = `function ${index} ${fn.qualifiedName}, ${step.kind}`;
    this.checkSpan(step.span, where);
    if (step.kind !== 'branch' && step.kind !== 'with') return;
    const before = Math.min(fn.operations.length, ...innerBlocks(step).map(firstOperation));
    if (step.kind === 'branch') {
      if (step.arms.length === 0) this.report(`${where}: has no arms`);
      this.checkDepends(step.test, before, where);
    } else {
      this.checkDepends(step.depends, before, where);
      this.checkValue(step.value, { where, function: index, before });
      this.checkStatement(step, fn, where);
    }
  }

  private checkDepends(depends: readonly number[], before: number, where: string): void {
    depends.forEach((number, position) => {
      if (!Number.isInteger(number) || number < 0 || number >= before) this.report(`${where}: depends on operation ${number}, which is not an earlier one`);
      if (position > 0 && number <= depends[position - 1]) this.report(`${where}: depends are not ascending without duplicates`);
    });
  }

  /** Walks a value without recursion. */
  private checkValue(value: Value, scope: Scope): void {
    const pending = [value];
    for (let each = pending.pop(); each; each = pending.pop()) {
      if (each.kind === 'place') this.checkPlace(each.place, scope);
      else if (each.kind === 'function') this.checkIndex(each.function, this.module.functions.length, scope.where, 'function');
      else if (each.kind === 'class') this.checkIndex(each.class, this.module.classes.length, scope.where, 'class');
      else if (each.kind === 'collection') {
        pending.push(...each.items, ...(each.spreads ?? []).map((spread) => spread.value));
        if (each.names && each.names.length !== each.items.length) this.report(`${scope.where}: an object has not one name for each item`);
      }
    }
  }

  private checkType(type: TypeReference, scope: Scope): void {
    const pending = [type];
    for (let each = pending.pop(); each; each = pending.pop()) {
      this.checkPlace(each.place, scope);
      pending.push(...(each.arguments ?? []));
    }
  }

  private checkPlace({ root, path }: Place, { where, function: index, before }: Scope): void {
    if (path.some((step) => step === '')) this.report(`${where}: a place has an empty step`);
    const fn = index === undefined ? undefined : this.module.functions[index];
    switch (root.kind) {
      case 'receiver':
      case 'class':
        this.checkIndex(root.class, this.module.classes.length, where, 'class');
        break;
      case 'parameter':
        if (fn) this.checkIndex(root.index, fn.parameters.length, where, 'parameter');
        break;
      case 'variable':
        if (
          this.checkIndex(root.function, this.module.functions.length, where, 'function') &&
          index !== undefined &&
          !this.enclosing(index).has(root.function)
        ) {
          this.report(`${where}: captures a variable of function ${root.function}, which does not enclose it`);
        }
        break;
      case 'module':
        if (!Object.hasOwn(this.module.bindings, root.name) && !Object.hasOwn(this.module.shapes ?? {}, root.name))
          this.report(`${where}: module name ${root.name} is not bound`);
        break;
      case 'result':
        if (fn) this.checkResult(root.operation, fn, where, before);
        break;
    }
  }

  private checkResult(number: number, fn: ModelFunction, where: string, before = fn.operations.length): void {
    if (!this.checkIndex(number, fn.operations.length, where, 'operation')) return;
    if (number >= before) this.report(`${where}: uses the outcome of operation ${number}, which is not an earlier one`);
    const { kind } = fn.operations[number];
    if (kind !== 'call' && kind !== 'await') this.report(`${where}: uses the outcome of operation ${number}, which is a ${kind}`);
  }

  private checkIndex(index: number, length: number, where: string, what: string): boolean {
    const good = Number.isInteger(index) && index >= 0 && index < length;
    if (!good) this.report(`${where}: there is no ${what} ${index}`);
    return good;
  }

  private checkSpan({ start, end }: Span, where: string): void {
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start > end || end > this.textLength) {
      this.report(`${where}: span ${start}–${end} is not one of a text of ${this.textLength}`);
    }
  }

  /** The function and all that enclose it; stops where parents go round in a circle. */
  private enclosing(index: number): ReadonlySet<number> {
    const chain = new Set<number>();
    for (let at: number | undefined = index; at !== undefined && !chain.has(at); at = this.module.functions[at]?.parent) chain.add(at);
    return chain;
  }

  private report(sentence: string): void {
    this.broken.push(sentence);
  }
}

/** The lowest number of an operation anywhere in a block; infinity for a block without any. */
function firstOperation(block: Block): number {
  let first = Number.POSITIVE_INFINITY;
  const pending: Block[] = [block];
  for (let each = pending.pop(); each; each = pending.pop()) {
    for (const step of each) {
      if (typeof step === 'number') first = Math.min(first, step);
      else pending.push(...innerBlocks(step));
    }
  }
  return first;
}

function innerBlocks(step: Exclude<Step, number>): readonly Block[] {
  switch (step.kind) {
    case 'branch':
      return step.arms;
    case 'loop':
      return [step.body, step.otherwise];
    case 'try':
      return [step.body, ...step.handlers, step.otherwise, step.final];
    case 'with':
      return [step.body];
  }
}
