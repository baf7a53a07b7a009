// What is known of a name, and of what an id names: a lock, a shared place or a function.
import type { Facts } from '../summary/facts';
import { fileOfKey } from '../summary/keys';
import type { Subject } from '../summary/subject-at';
import type { Known } from './known';
import { knownFunction } from './known-function';
import { knownLock } from './known-lock';
import { knownPlace } from './known-place';

/** What is known of what a name stands for; empty where there is nothing worth saying. */
export function knownOf(subject: Subject, facts: Facts): Known[] {
  const lock = subject.lock === undefined ? undefined : knownLock(subject.lock, facts, subject.cell);
  if (lock) return [lock];
  const place = subject.cell === undefined ? undefined : knownPlace(subject.cell, facts);
  if (place) return [place];
  // A name that may be one of many functions stands for none of them.
  return (subject.functions?.length ?? 0) > MOST_FUNCTIONS ? [] : (subject.functions ?? []).flatMap((key) => knownFunction(key, facts) ?? []);
}

const MOST_FUNCTIONS = 2;

/** What is known of the thing that an id names; undefined where it is gone. */
export function knownBy(id: string, facts: Facts): Known | undefined {
  const [kind, key] = [id.slice(0, id.indexOf(' ')), id.slice(id.indexOf(' ') + 1)];
  if (!facts.program.modules.has(fileOfKey(key))) return undefined;
  if (kind === 'lock') return knownLock(key, facts);
  if (kind === 'place') return knownPlace(key, facts);
  return kind === 'function' ? knownFunction(key, facts) : undefined;
}
