// Closing methods: the methods by which a class says that its objects come to an end.
import type { Facts } from '../../summary/facts';
import type { ClassKey, FunctionKey } from '../../summary/keys';

const ENDS =
  /^(?:_?(?:close|stop|shutdown|shut_down|disconnect|aclose|terminate|quit|dispose|teardown|tear_down|cleanup|clean_up|finish|halt|on_stop|on_close|async_stop|async_close|async_shutdown|stop_all|close_all|stopService|stop_service|server_close|destroy|exit)|__exit__|__aexit__)$/;

/** The methods of a class, not its ancestors, that end an object: close, stop, `__exit__` and the like. */
export function closingMethods(key: ClassKey, facts: Facts): FunctionKey[] {
  const { resolver } = facts.program;
  const declared = resolver.classAt(key);
  const module = resolver.moduleOfClass(key);
  if (!declared || !module) return [];
  return Object.entries(declared.methods).flatMap(([name, index]) => (ENDS.test(name) ? [module.functionKeys[index]] : []));
}

/** Whether all objects of a class that the workspace shows are made by modules while they are loaded. */
export function isSingleton(key: ClassKey, facts: Facts): boolean {
  const constructor = facts.program.resolver.method(key, '__init__');
  const callers = constructor === undefined ? [] : [...(facts.program.callers.get(constructor)?.keys() ?? [])];
  return callers.length > 0 && callers.every((caller) => facts.program.functions.get(caller)?.index === 0);
}
