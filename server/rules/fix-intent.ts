// Fix intents: what a repair should do. Rules name it and where; `server/fixes` turns it into text edits.
import type { LockKey } from '../summary/keys';
import type { Site } from '../summary/locate';

/**
 * How much thought a fix needs: `safe` keeps the meaning, so that it may be applied in bulk; `suggestion` is probably
 * right, and a person looks; `unsafe` changes what the program does or needs a decision, and is never applied in bulk.
 */
export type FixSafety = 'safe' | 'suggestion' | 'unsafe';

interface FixDescription {
  /** What it does, as a heading in lists; the fix itself has a title of its own that names what it works on. */
  readonly does: string;
  readonly safety: FixSafety;
}

/** Every kind of fix. */
export const FIX_KINDS = {
  'add-main-guard': { does: 'Put what the program does under its main guard', safety: 'suggestion' },
  'hold-lock': { does: 'Hold the lock that guards the other accesses', safety: 'suggestion' },
  'hoist-await': { does: 'Wait before the statement, so that it works on the value as it is then', safety: 'suggestion' },
  'swap-locks': { does: 'Take two locks in the order of the rest of the program', safety: 'suggestion' },
  'await-call': { does: 'Wait for what a call gives', safety: 'suggestion' },
  'return-promise': { does: 'Return the promise, so that it is waited for', safety: 'suggestion' },
  'await-all': { does: 'Wait for all elements, which are worked on at the same time', safety: 'suggestion' },
  'await-each': { does: 'Work on one element after the other', safety: 'suggestion' },
  'await-sleep': { does: 'Sleep with asyncio, so that other tasks go on', safety: 'suggestion' },
  'run-in-thread': { does: 'Run what blocks in a thread, and await it', safety: 'suggestion' },
  'wrap-future': { does: 'Wait for a pool’s future through one of the event loop', safety: 'suggestion' },
  'await-in-place': { does: 'Await the coroutine instead of waiting for a loop to run it', safety: 'suggestion' },
} as const satisfies Readonly<Record<string, FixDescription>>;

export type FixKind = keyof typeof FIX_KINDS;

/** What is gone through, as far as it is known. */
export type Collection = 'array' | 'Map' | 'Set' | 'unknown';

/** What a kind has to know beside its site. */
interface FixDetails {
  /** `site` is a call of `forEach` or `map`. */
  'await-all': { readonly collection: Collection };
  'await-each': { readonly collection: Collection };
  /** `lock` is an expression in the file's language, such as `self._lock`. */
  'hold-lock': {
    readonly lock: string;
    /** What the analysis calls the lock, where it knows it as one. */
    readonly key?: LockKey;
    /** What has to happen in one go with the access: earlier reads that it rests on. */
    readonly along?: readonly Site[];
  };
  /** `site` is the statement; `awaited` what it waits for. */
  'hoist-await': { readonly awaited: Site };
  /** The expressions of two with statements, one right inside the other. */
  'swap-locks': { readonly second: Site };
}

/** What a repair should do. Its sites are in the file that holds the finding, where nothing else is said. */
export type FixIntent = { readonly [K in FixKind]: FixIntentOf<K> }[FixKind];
export type FixIntentOf<K extends FixKind> = { readonly kind: K; readonly site: Site } & (K extends keyof FixDetails ? FixDetails[K] : unknown);
