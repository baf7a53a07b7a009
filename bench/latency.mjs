// Latency: how long after a keystroke the diagnostics of the file are there, over stdio or, for libraries, in process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startServer } from './lsp-client.mjs';
import { peakOf } from './measure.mjs';

/** What is typed, letter by letter, at five places of the file: for a while it does not parse, as when a person types. */
const TYPED = { python: 'self.bench = len(str(1)) + 2', typescript: 'this.bench = String(1).length + 2;' };
const PLACES = 5;
/** Milliseconds after which no further key is struck: some servers take seconds each. */
const LIMIT = 90_000;

/** The keystrokes of one run: where each letter goes. A new line is made first, which is a keystroke too. */
function keystrokes({ places, text }, language) {
  const lines = text.split('\n').length;
  const chosen = Array.from({ length: PLACES }, (_, i) => places[Math.floor(((i + 0.5) / PLACES) * places.length)]).filter(Boolean);
  if (chosen.length === 0) throw new Error(`nowhere to type in a file of ${lines} lines`);
  // From the end, so that places before stay where they are.
  return chosen
    .reverse()
    .flatMap(({ line, indent }) => [
      { line, column: 0, text: `${indent}\n` },
      ...[...TYPED[language]].map((letter, i) => ({ line, column: indent.length + i, text: letter })),
    ]);
}

/**
 * A server that speaks the protocol with the sample open and diagnosed; `use` is given what it takes to go on. `pull`: whether it
 * is asked for diagnostics or sends them.
 */
async function withSample({ program, args, initializationOptions, pull, sample, language }, use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockset-bench-'));
  const extension = language === 'python' ? 'py' : 'ts';
  const uri = pathToFileURL(path.join(folder, `sample.${extension}`)).href;
  writeFileSync(path.join(folder, `sample.${extension}`), sample.text);
  const server = startServer(program, args);
  try {
    await server.request('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: false } },
        textDocument: {
          synchronization: {},
          hover: { contentFormat: ['markdown'] },
          publishDiagnostics: { versionSupport: true },
          ...(pull ? { diagnostic: { dynamicRegistration: false } } : {}),
        },
      },
      initializationOptions,
    });
    server.notify('initialized', {});
    const diagnosed = (version) =>
      pull
        ? server.request('textDocument/diagnostic', { textDocument: { uri } })
        : server.next('textDocument/publishDiagnostics', (params) => params.uri === uri && params.version === version);
    const first = pull ? undefined : diagnosed(1);
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId: language, version: 1, text: sample.text } });
    await (first ?? diagnosed(1));
    return await use({ server, uri, diagnosed });
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds per keystroke for a server that speaks the protocol. */
export function serverLatency(options) {
  const { pull, sample, language } = options;
  return withSample(options, async ({ server, uri, diagnosed }) => {
    const times = [];
    const begun = performance.now();
    let version = 1;
    for (const { line, column, text } of keystrokes(sample, language)) {
      if (performance.now() - begun > LIMIT) break;
      version++;
      const started = performance.now();
      const answer = pull ? undefined : diagnosed(version);
      const position = { line, character: column };
      server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range: { start: position, end: position }, text }] });
      await (answer ?? diagnosed(version));
      times.push(performance.now() - started);
    }
    return { times, megabytes: peakOf(server.pid) };
  });
}

const TRIED = 4000;
const HOVERS = 200;

/**
 * Milliseconds per hover, over words all through the file that the server has something to say about. Which those are it is asked
 * first.
 */
export function hoverLatency(options) {
  return withSample(options, async ({ server, uri }) => {
    const hover = (position) => server.request('textDocument/hover', { textDocument: { uri }, position });
    const answered = [];
    for (const position of spread(wordsIn(options.sample.text), TRIED)) if (await hover(position)) answered.push(position);
    const times = [];
    for (const position of spread(answered, HOVERS)) {
      const started = performance.now();
      await hover(position);
      times.push(performance.now() - started);
    }
    return { times };
  });
}

/** So many of the items, or all, evenly from first to last. */
function spread(items, most) {
  return items.length <= most ? items : Array.from({ length: most }, (_, i) => items[Math.floor((i / most) * items.length)]);
}

/** Where each word of a text begins. */
function wordsIn(text) {
  return text.split('\n').flatMap((source, line) => [...source.matchAll(/[A-Za-z_]\w{2,}/g)].map(({ index }) => ({ line, character: index + 1 })));
}

/** Milliseconds per keystroke for a library that checks a whole text. */
export function libraryLatency(check, { sample, language }) {
  const lines = sample.text.split('\n');
  check(sample.text);
  const times = [];
  for (const { line, column, text } of keystrokes(sample, language)) {
    if (text.endsWith('\n')) lines.splice(line, 0, text.slice(0, -1));
    else lines[line] = lines[line].slice(0, column) + text + lines[line].slice(column);
    const whole = lines.join('\n');
    const started = performance.now();
    try {
      check(whole);
    } catch {
      // A tool that cannot take a broken text has still spent the time.
    }
    times.push(performance.now() - started);
  }
  return { times };
}
