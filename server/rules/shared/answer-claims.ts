// Answer claims: whether a function lets in one call at a time, by state that it asks for and then sets before it waits.
import type { Call } from '../../model/operation';
import { type Place, printPlace } from '../../model/place';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { sinkOf } from './view-sinks';

export class AnswerClaims {
  /** Whether what was asked for has been set. */
  made = false;
  /** As text; state goes by the call that has made it. */
  private readonly asked = new Set<string>();

  constructor(private readonly facts: Facts) {}

  /** A condition turns calls away. */
  ask(tests: readonly number[], fn: ResolvedFunction): void {
    for (const number of tests) {
      const operation = modelOf(fn).operations[number];
      if (operation.kind === 'read') this.asked.add(this.keyOf(operation.place, fn));
    }
  }

  write(place: Place, fn: ResolvedFunction): void {
    if (this.asked.has(this.keyOf(place, fn))) this.made = true;
  }

  /** State is set by a call. */
  set(call: Call, fn: ResolvedFunction): void {
    const key = sinkOf.settingKey(call, fn, this.facts);
    if (key !== undefined && this.asked.has(key)) this.made = true;
  }

  private keyOf(place: Place, fn: ResolvedFunction): string {
    return sinkOf.keyOf(place, fn, this.facts) ?? printPlace(place);
  }
}
