// Packed modules: models as text, for the cache on disk and between threads.
import type { Module } from '../model/module';

/** A module as text. Its file's name is left out: equal files have equal texts. */
export function packModule(module: Module): string {
  return JSON.stringify({ ...module, file: '' });
}

/** The module of a file; undefined when the text is not one that `packModule` wrote for that language. */
export function unpackModule(text: string, file: string, language: Module['language']): Module | undefined {
  let module: unknown;
  try {
    module = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isModule(module) && module.language === language ? { ...module, file } : undefined;
}

/** Whether a model tells of its text alone; one that was given up for lack of memory may fare better next time. */
export function isLasting(module: Module): boolean {
  return !module.problems.some((problem) => problem.message.startsWith('Not analysed'));
}

const LISTS_OF_MODULE = ['functions', 'classes', 'exports', 'comments', 'problems'] as const;
const LISTS_OF_FUNCTION = ['parameters', 'decorators', 'statements', 'operations', 'body'] as const;

/**
 * Checks down to the parts of functions. What is deeper is vouched for by the checksum of the cache: it is there against
 * accidents and blobs of other origin, and a model holds nothing that could be run.
 */
function isModule(value: unknown): value is Module {
  if (!isRecord(value) || !isRecord(value['bindings']) || !LISTS_OF_MODULE.every((list) => Array.isArray(value[list]))) return false;
  const functions = value['functions'] as unknown[];
  return (
    functions.length > 0 &&
    functions.every((each) => isRecord(each) && typeof each['hash'] === 'string' && LISTS_OF_FUNCTION.every((list) => Array.isArray(each[list])))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
