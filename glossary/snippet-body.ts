// Snippet bodies: the part of VS Code's snippet syntax that our snippets use, as text with holes in it.

/** A place that a person fills in; holes of one number are filled in together. */
export interface Hole {
  readonly number: number;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

export interface SnippetText {
  /** The program that the snippet gives when nothing is changed in it. */
  readonly text: string;
  readonly holes: readonly Hole[];
  /** What is no snippet syntax that we use, each as one sentence. */
  readonly problems: readonly string[];
}

/** Reads a body: `$0`, `$1`, `${1:default}` with no hole inside of another, and `\$`, `\}`, `\\`. Never throws. */
export function readBody(body: string): SnippetText {
  const holes: Hole[] = [];
  const problems: string[] = [];
  const defaults = new Map<number, string>();
  let text = '';
  let at = 0;
  for (const match of body.matchAll(TOKEN)) {
    text += body.slice(at, match.index);
    at = match.index + match[0].length;
    const [token, escaped, bare, numbered, content] = match;
    if (escaped !== undefined) {
      text += escaped;
      continue;
    }
    if (bare === undefined && numbered === undefined) {
      problems.push(`"${token}${body.slice(at, at + 20).split('\n')[0]}" is no placeholder; a dollar sign of the code is written \\$`);
      text += token;
      continue;
    }
    const number = Number(bare ?? numbered);
    const inner = content === undefined ? defaults.get(number) : content.replace(/\\([$}\\])/g, '$1');
    if (inner === undefined && number !== 0) problems.push(`$${number} comes before the place that says what it stands for`);
    if (content !== undefined && number !== 0) defaults.set(number, inner ?? '');
    holes.push({ number, start: text.length, end: text.length + (inner ?? '').length });
    text += inner ?? '';
  }
  return { text: text + body.slice(at), holes, problems };
}

/** The program that a body gives when nothing is filled in. `unit`: what one level of indentation is written as. */
export function expandBody(body: string, unit: string): string {
  return readBody(body).text.replace(/^\t+/gm, (tabs) => unit.repeat(tabs.length));
}

/** The body of a text with holes; the inverse of `readBody`. */
export function writeBody(text: string, holes: readonly Hole[]): string {
  const defaults = new Map<number, string>();
  let body = '';
  let at = 0;
  for (const { number, start, end } of holes) {
    const content = text.slice(start, end);
    body += text.slice(at, start).replace(/[\\$]/g, '\\$&');
    // The editor copies what a person types into the first hole of a number into the others.
    body += content === '' || defaults.get(number) === content ? `$${number}` : `\${${number}:${content.replace(/[\\$}]/g, '\\$&')}}`;
    defaults.set(number, content);
    at = end;
  }
  return body + text.slice(at).replace(/[\\$]/g, '\\$&');
}

/** An escape, `$1`, `${1}`, `${1:default}`, or a dollar sign that is none of them. */
const TOKEN = /\\([$}\\])|\$(\d+)|\$\{(\d+)(?::((?:[^\\}$]|\\.)*))?\}|\$/g;
