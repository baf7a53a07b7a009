// A Process subclass keeps something that cannot be pickled, so that starting it fails where children are not forked.
import type { Facts } from '../summary/facts';
import type { FunctionKey } from '../summary/keys';
import type { ModuleInterface } from '../summary/module-interface';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { obstacleOf } from './shared/picklability';
import { pickles, startMethodOfClass } from './shared/start-method';

export const unpicklableProcessField: Rule = {
  id: 'unpicklable-process-field',
  family: 'unpicklable',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    if (!module) return;
    const { resolver } = facts.program;
    for (const declared of module.classes) {
      if (!resolver.libraryBases(declared.key).includes('multiprocessing.Process')) continue;
      if (['__getstate__', '__reduce__', '__reduce_ex__'].some((name) => resolver.method(declared.key, name))) continue;
      const method = startMethodOfClass(facts, declared.key);
      if (!pickles(method) && method !== 'default') continue;
      for (const [name, field] of declared.fields) {
        for (const { value, function: scope, maybe } of field.values) {
          if (maybe || !beforeStart(facts, module, declared.index, scope)) continue;
          const found = obstacleOf(facts, module, scope, value, 'start');
          const point = module.module.functions[scope].operations.findIndex(
            (operation) => operation.kind === 'write' && operation.place.path[0] === name && operation.place.path.length === 1 && operation.value === value,
          );
          if (found && point >= 0) yield findingOf(module.functionKeys[scope], point, declared.name, name, found.what, pickles(method), method);
        }
      }
    }
  },
};

/** `__init__`, or what it calls; what `run` makes is made in the child. */
function beforeStart(facts: Facts, module: ModuleInterface, owner: number, scope: number): boolean {
  const fn = module.module.functions[scope];
  if (fn.class !== owner) return false;
  if (fn.name === '__init__') return true;
  return [...(facts.program.callers.get(module.functionKeys[scope])?.values() ?? [])].some((sites) => sites.some((site) => site.constructing));
}

function findingOf(key: FunctionKey, point: number, owner: string, field: string, what: string, certain: boolean, method: string): Finding {
  const at = { function: key, point };
  return {
    rule: unpicklableProcessField.id,
    family: unpicklableProcessField.family,
    severity: certain ? 'warning' : 'information',
    confidence: certain ? 0.9 : 0.5,
    site: at,
    message: `The process object holds what cannot be pickled: the field ${field} of ${owner} is ${what.replace(/,$/, '')}, and ${
      certain
        ? `with the start method ${method} start() pickles the whole object, so it fails`
        : 'where children are not forked (Windows, macOS, and by default everywhere since Python 3.14) start() pickles the whole object and fails'
    }. Make it in run(), which runs in the child, or leave it out in __getstate__.`,
    related: [{ site: at, message: `Set when ${owner} is made, in the parent` }],
    fixes: [],
  };
}
