// Claims: what documentation and names say about use by several threads.

/** Threads in the plural, or one of several, so that `from the main thread` says nothing. */
const THREADS = String.raw`(?:(?:any|each|every|another|more than one)(?: [\w-]+)? thread\b|(?:(?!single|one\b)[\w'’-]+ ){0,4}threads\b)`;
const USED = String.raw`\b(?:shared|share|safe|used|called|accessed|reached|touched|invoked|hit|updated|usable|run)\b`;
const SHARED = new RegExp(`${USED}[^.;]{0,50}?\\b(?:by|between|among|across|from|in|with)\\b ${THREADS}`, 'i');
const CONCURRENT = /\bthread[- ]?saf(?:e|ely|ety)\b|\bsafe (?:for|under) concurrent\b|\bconcurrent(?:ly)? by (?:\w+ ){0,3}threads\b/i;
const SHARERS = /\bthreads\b[^.;]{0,30}? (?:all |both |may |can )?(?:share|use) (?:it|them|this|one|the same)\b/i;
const DENIED = /\b(?:not|non|isn't|aren't|doesn't|don't|never|nor|no|without|cannot|can't|only|unless|must be|should be|caller)\b/i;
const UNSAFE = /\b(?:not|non|isn't|aren't|never|nor)\b[-\s\w]{0,20}thread[-\s]*safe|thread[-\s]*unsafe/i;

/** Whether a docstring, or the name of what it documents, says that several threads share it or may call it. */
export function claimsThreadSafety(name: string, docstring: string): boolean {
  if (/thread_?safe/i.test(name)) return !/(?:not|non|un)_?thread_?safe/i.test(name);
  if (docstring === '' || UNSAFE.test(docstring)) return false;
  const sentences = docstring.split(/[.!?;:]\s|\n\s*\n/);
  return sentences.some((sentence) => {
    const text = sentence.replace(/\s+/g, ' ');
    const match = CONCURRENT.exec(text) ?? SHARED.exec(text) ?? SHARERS.exec(text);
    return match !== null && !DENIED.test(text.slice(0, match.index));
  });
}
