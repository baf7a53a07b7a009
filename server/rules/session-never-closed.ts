// An asynchronous client session is made for each object or on each call, and nobody closes it.
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import { NAME } from '../summary/points';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { closingMethods, isSingleton } from './shared/closing-methods';
import { type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf } from './shared/object-life';

const SESSIONS = /^(?:aiohttp(?:\.client)?\.ClientSession|httpx\.AsyncClient|asyncpg\.create_pool|aioredis\.\w+|redis\.asyncio\.Redis)$/;
const CLOSES = /^(?:close|aclose|quit|detach|wait_closed|disconnect|__aexit__)$/;

export const sessionNeverClosed: Rule = {
  id: 'session-never-closed',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['end-in-close'],
  *check(file, facts) {
    for (const made of madeIn(file, facts, (api) => SESSIONS.test(api))) {
      const finding = made.fn.index === 0 ? undefined : leftOpen(made, facts);
      if (finding) yield finding;
    }
  },
};

function leftOpen(made: MadeObject, facts: Facts): Finding | undefined {
  const life = lifeOf(facts, made.fn.key, made.point);
  if (life.escapes || life.entered || life.common || life.offered || life.uses.some((use) => CLOSES.test(use.name))) return undefined;
  const field = life.cells.find((cell) => cell.owner !== undefined);
  if (life.cells.length > 0 && (!field?.owner || fileOfKey(field.owner) !== made.fn.module.file || isSingleton(field.owner, facts))) return undefined;
  if (life.cells.length === 0 && life.uses.length === 0) return undefined;
  const closing = field?.owner === undefined ? [] : closingMethods(field.owner, facts);
  const end = closing.find((key) => !key.endsWith('__')) ?? closing[0];
  const ending = /^aiohttp\./.test(made.api) ? 'close' : /^httpx\./.test(made.api) ? 'aclose' : undefined;
  const site = { function: made.fn.key, point: made.point };
  const { id, family } = sessionNeverClosed;
  const who = callOfKey(made.fn.key);
  return {
    rule: id,
    family,
    severity: closing.length > 0 || field === undefined ? 'warning' : 'information',
    confidence: 0.7,
    site,
    message: `Nobody closes this ${made.name}: ${
      field?.owner === undefined
        ? `${who} makes one on each call and leaves it`
        : `each ${nameOfKey(field.owner)} makes one for ${nameOfKey(field.key)}, and ${closing[0] === undefined ? `${nameOfKey(field.owner)} has no method that ends it` : `${callOfKey(closing[0])} leaves it open`}`
    }. Its connections stay open until the garbage collector finds them, when the event loop may be gone. Use it in an async with statement, or close and await it at the end.`,
    related: closing.map((key): Related => ({ site: { function: key, point: NAME }, message: `${callOfKey(key)} ends the object, but not its session` })),
    fixes:
      field && end !== undefined && ending !== undefined
        ? [{ kind: 'end-in-close', site, closing: { function: end, point: NAME }, ending: [ending], awaited: true }]
        : [],
  };
}
