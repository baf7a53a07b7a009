// Loggers: which logger a call logs through, which ones a handler is added to, and who hears whom.
import { methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { makersOf, receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type ClassKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';

/** Methods of loggers that log something. */
export const LOGS = /^(?:debug|info|warn|warning|error|exception|critical|log)$/;

export function isLogging(fn: ResolvedFunction, point: Point, facts: Facts): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call' || !LOGS.test(methodOf(operation))) return false;
  return loggerOf(fn, point, facts) !== undefined;
}

/** The name of the logger whose method is called, '' for the root, a file's own for `getLogger(__name__)`; undefined where it is none. */
export function loggerOf(fn: ResolvedFunction, point: Point, facts: Facts): string | undefined {
  const operation = modelOf(fn).operations[point];
  const receiver = operation?.kind === 'call' ? receiverOf(operation.callee) : undefined;
  if (receiver?.kind !== 'place') return undefined;
  const { root, path } = receiver.place;
  if (root.kind === 'import' && root.specifier === 'logging' && root.name === undefined && path.length === 0) return '';
  for (const { call, module, index } of makersOf(facts.program.resolver, fn.module, fn.index, receiver)) {
    const made = facts.program.resolver.typeOf(module, index, call.callee);
    if (made?.kind === 'api' && made.name === 'logging.getLogger') return nameGiven(call, module.file);
  }
  return undefined;
}

function nameGiven(call: Call, file: string): string {
  const given = call.arguments[0]?.value;
  if (!given) return '';
  return given.kind === 'constant' ? String(given.value ?? '') : `(${file})`;
}

/** The loggers that a handler is added to in its file. */
export function attachedTo(handler: ClassKey, facts: Facts): string[] {
  const module = facts.program.modules.get(fileOfKey(handler))!;
  return module.functionKeys.flatMap((key) => {
    const fn = facts.program.functions.get(key);
    if (!fn) return [];
    return modelOf(fn).operations.flatMap((operation, point) => {
      if (operation.kind !== 'call' || methodOf(operation) !== 'addHandler') return [];
      const type = operation.arguments[0] && facts.program.resolver.typeOf(fn.module, fn.index, operation.arguments[0].value);
      return type?.kind === 'instance' && type.class === handler ? (loggerOf(fn, point, facts) ?? []) : [];
    });
  });
}

/** Whether what is logged through `logger` reaches the handlers of `attached`: the same one, or one above it. */
export function hears(attached: string, logger: string | undefined): 'yes' | 'no' | 'maybe' {
  if (attached === '' || attached === logger || logger?.startsWith(`${attached}.`)) return 'yes';
  return attached.startsWith('(') || logger === undefined || logger.startsWith('(') ? 'maybe' : 'no';
}
