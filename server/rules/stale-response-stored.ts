// A function asks, waits, and stores the answer without looking whether it has been asked for something else since.
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { answersOf } from './shared/answers';
import { first, second } from './shared/interleavings';
import type { StoredAnswer } from './shared/stored-answers';
import { type Trigger, type TriggerKind, triggersOf } from './shared/view-triggers';

export const staleResponseStored: Rule = {
  id: 'stale-response-stored',
  family: 'await-race',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['drop-late-answer'],
  *check(file, facts) {
    const inside = new Set<number>();
    for (const fn of facts.functionsIn(file)) {
      if (inside.has(fn.index) || modelOf(fn).kind === 'module' || modelOf(fn).kind === 'constructor') continue;
      const { stored, followed } = answersOf(fn, facts);
      if (stored.length === 0) continue;
      for (const index of followed) inside.add(index);
      const found = chosen(fn, stored, facts);
      if (found) yield findingOf(fn, found.answer, found.trigger, found.severity);
    }
  },
};

/** Requests that change something: who sends one waits for its end. */
const CHANGES =
  /^(?:post|put|patch|del(?:ete)?|remove|destroy|create|update|upsert|save|store|submit|send|add|insert|append|upload|log_?in|log_?out|sign\w*|register|publish|write|start|stop|run|exec\w*|generate|import|export|convert|toggle|rename|move|copy|apply|approve|accept|reject|confirm|pay|buy|checkout|join|leave|invite|connect|mutat\w*|dispatch|set|enable|disable|verify|authenticate|share|archive|restore|reset|prompt|compile|build|encrypt|decrypt|play|record|refresh\w*token)(?=$|[A-Z_])/;

function chosen(
  fn: ResolvedFunction,
  stored: readonly StoredAnswer[],
  facts: Facts,
): { answer: StoredAnswer; trigger: Trigger; severity: Severity } | undefined {
  if (CHANGES.test(modelOf(fn).name)) return undefined;
  const triggers = triggersOf(fn, facts);
  const of = (...kinds: TriggerKind[]) => triggers.find((trigger) => kinds.includes(trigger.kind));
  for (const answer of stored) {
    const { request, kind } = answer;
    if (CHANGES.test(request.name)) continue;
    const again = of('effect', 'watch', 'input');
    if (request.varies && again && kind !== 'field') return { answer, trigger: again, severity: 'warning' };
    if (request.byArgument && (kind === 'view' || kind === 'store')) {
      const offered = of('event', 'offered') ?? ownOffer(fn, kind);
      if (offered) return { answer, trigger: offered, severity: 'information' };
    }
    const interval = of('interval');
    const other = of('offered', 'event', 'effect');
    if (interval && other && kind === 'view') return { answer, trigger: interval, severity: 'information' };
  }
  return undefined;
}

/** A method or an exported function that others call. */
function ownOffer(fn: ResolvedFunction, kind: StoredAnswer['kind']): Trigger | undefined {
  const model = modelOf(fn);
  const exported = fn.module.module.exports.some((item) => (item.local ?? item.name) === model.name);
  if (kind !== 'store' || (!exported && model.kind !== 'method') || model.isPrivate) return undefined;
  return { kind: 'offered', site: { function: fn.key, point: 0 } };
}

const BECAUSE: Record<TriggerKind, string> = {
  effect: 'The effect runs again whenever one of its dependencies changes, also while the last request is under way.',
  once: '',
  watch: 'The watcher runs again whenever what it watches changes, also while the last request is under way.',
  input: 'The listener runs for every event, also while the last request is under way.',
  event: 'Nothing keeps the next event from coming while the last request is under way.',
  interval: 'The interval does not wait for the last request, and it is not the only one to ask.',
  offered: 'Nothing keeps its callers from asking for something else while the last request is under way.',
};

function findingOf(fn: ResolvedFunction, { into, site, request }: StoredAnswer, trigger: Trigger, severity: Severity): Finding {
  return {
    rule: staleResponseStored.id,
    family: staleResponseStored.family,
    severity,
    confidence: severity === 'warning' ? 0.8 : 0.6,
    site,
    message: `An old answer can overwrite a newer one: ${callOfKey(fn.key)} waits for ${request.name === '' ? 'an answer' : `${request.name}()`} and stores it in ${into} whenever it arrives, and answers need not arrive in the order of their requests. ${BECAUSE[trigger.kind]} Keep a number for each request, or cancel the one before, and store an answer only if it is that of the latest request.`,
    related: [
      { site: request.site, message: 'First request: sent here' },
      { site: request.awaited, message: 'First request: waits here; a second one is sent and answered meanwhile' },
      { site, message: `First request: its late answer replaces the second one’s in ${into}` },
    ],
    interleaving: {
      sides: ['older request', 'newer request'],
      steps: [
        first(request.site, 'is sent'),
        first(request.awaited, 'is awaited, and takes long: others run meanwhile'),
        second(request.site, 'is sent'),
        second(site, `has its answer stored in ${into}`),
        first(site, `is answered late, and has its answer stored in ${into}`),
      ],
      harm: 'wrong',
      outcome: `What stands in ${into} is the answer to the older request.`,
    },
    fixes: site.function === fn.key && request.awaited.function === fn.key ? [{ kind: 'drop-late-answer', site, awaited: request.awaited }] : [],
  };
}
