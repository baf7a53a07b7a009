// Blocking advice: what to call in a coroutine in the place of something that blocks.
import type { BlockKind } from '../../model/library';
import { callOfKey, type FunctionKey } from '../../summary/keys';

/** A sentence that says what to do about a blocking call; `helper` is what the coroutine calls, where it does not block itself. */
export function adviceFor(api: string, kind: BlockKind, helper: FunctionKey | undefined): string {
  const counterpart = COUNTERPARTS.find(([pattern]) => pattern.test(api))?.[1];
  if (helper === undefined) return counterpart ?? `Use await asyncio.to_thread(${lastName(api)}, …)${kind === 'io' ? ', or an asynchronous library' : ''}.`;
  return `Run it in a thread: await asyncio.to_thread(${callOfKey(helper)
    .replace(/\(\)$/, '')
    .replace(
      /^a callback in .*/,
      'function',
    )}, …)${counterpart ? `, or make the way to it async: ${counterpart.replace(/^Use /, '').replace(/\.$/, '')}` : ''}.`;
}

const COUNTERPARTS: readonly (readonly [RegExp, string])[] = [
  [/^time\.sleep$/, 'Use await asyncio.sleep(…).'],
  [/^subprocess\.|^os\.(?:system|popen)$/, 'Use await asyncio.create_subprocess_exec(…).'],
  [
    /^(?:requests|urllib|urllib3|http\.client)\.|^httpx\.(?!Async)/,
    'Use an asynchronous client such as aiohttp or httpx.AsyncClient, or await asyncio.to_thread(…).',
  ],
  [/^queue\.|^multiprocessing\.Queue/, 'Use asyncio.Queue, or await asyncio.to_thread(….get) where a thread fills it.'],
  [/^threading\.(?:Event|Condition|Barrier)\./, 'Use the one of asyncio and set it through loop.call_soon_threadsafe, or await asyncio.to_thread(….wait).'],
  [/^threading\.Thread\.join$/, 'Use await asyncio.to_thread(thread.join).'],
  [/^concurrent\.futures\.Future\./, 'Use await asyncio.wrap_future(…), or start the work with await loop.run_in_executor(…).'],
  [/^concurrent\.futures\./, 'Use loop.run_in_executor(…) and await its futures, or await asyncio.to_thread(…).'],
  [/^socket\.|^ssl\./, 'Use asyncio.open_connection(…), or the loop’s sock_ methods.'],
];

function lastName(api: string): string {
  const parts = api.split('.');
  return /^[A-Z]/.test(parts.at(-2) ?? '') ? `….${parts.at(-1)}` : api;
}
