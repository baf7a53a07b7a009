// URIs: one spelling per file, because clients, disks and platforms spell the same file differently.

import type { Language } from '../model/module';
import { languageOf } from '../workspace/languages';

const ADDED = '~lockset.';

/** What kind of document a URI names; notebook cells are told apart because they are not analysed one by one. */
export type UriKind = 'file' | 'cell' | 'other';

/** The kind of a URI in any spelling. */
export function uriKind(uri: string): UriKind {
  const scheme = schemeOf(uri);
  if (scheme === 'file') return 'file';
  return scheme === 'vscode-notebook-cell' || scheme === 'vscode-notebook-cell-output' ? 'cell' : 'other';
}

/**
 * The one spelling of a URI: scheme in lower case, percent-encoding redone with one set of characters, the drive letter
 * of a Windows path in lower case with a plain colon, `localhost` and empty authorities the same. Idempotent.
 */
export function normaliseUri(uri: string): string {
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(uri);
  if (!parts) return uri;
  const scheme = parts[1].toLowerCase();
  const hasAuthority = parts[2] !== undefined || scheme === 'file';
  const authority = (parts[2] ?? '').toLowerCase();
  const path = normalisePath(parts[3], scheme === 'file');
  return `${scheme}:${hasAuthority ? `//${scheme === 'file' && authority === 'localhost' ? '' : authority}` : ''}${path}${parts[4] ?? ''}${parts[5] ?? ''}`;
}

/**
 * The id of a document inside the analysis. For `file:` URIs it is the decoded path with forward slashes, so that imports,
 * which are not percent-encoded, find it and the command line's ids look the same; other schemes keep their normalised URI.
 * The analysis knows languages by file names only: where the name has none of our endings but the client says the language
 * (untitled documents, scripts without an ending) one is added. Undefined for what Lockset does not read: other languages and
 * notebook cells.
 */
export function documentId(uri: string, languageId?: string): string | undefined {
  if (uriKind(uri) === 'cell') return undefined;
  const id = pathOfUri(uri) ?? normaliseUri(uri);
  if (languageOf(id)) return id;
  const language = languageId === undefined ? undefined : languageOfId(languageId);
  return language && id + ADDED + (language === 'python' ? 'py' : languageId?.endsWith('react') ? 'tsx' : 'ts');
}

/** Whether an id is that of a notebook, whose cells are analysed as one Python module. */
export function isNotebookId(id: string): boolean {
  return id.endsWith(`.ipynb${ADDED}py`);
}

/** The normalised URI of an id. */
export function uriOfId(id: string): string {
  const added = id.lastIndexOf(ADDED);
  const name = added > id.lastIndexOf('/') ? id.slice(0, added) : id;
  return isPath(name) ? uriOfPath(name) : name;
}

/** The language behind a client's language id; undefined for those that Lockset does not read. */
export function languageOfId(languageId: string): Language | undefined {
  switch (languageId) {
    case 'python':
      return 'python';
    case 'typescript':
    case 'typescriptreact':
    case 'javascript':
    case 'javascriptreact':
      return 'typescript';
    default:
      return undefined;
  }
}

/** The path on disk of a `file:` URI in any spelling; undefined for other schemes. Windows paths keep forward slashes. */
export function pathOfUri(uri: string): string | undefined {
  const normal = normaliseUri(uri);
  const parts = /^file:\/\/([^/]*)(\/[^?#]*)/.exec(normal);
  if (!parts) return undefined;
  const path = decode(parts[2]);
  if (parts[1] !== '') return `//${parts[1]}${path}`;
  return /^\/[a-z]:/.test(path) ? path.slice(1) : path;
}

/** The normalised `file:` URI of an absolute path, with slashes of either kind; `//host/share` names a host. */
export function uriOfPath(path: string): string {
  const slashed = /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path) ? path.replaceAll('\\', '/') : path;
  const [, host, rest] = /^\/\/([^/]+)(.*)$/s.exec(slashed) ?? [undefined, '', slashed];
  return normaliseUri(`file://${host}${rest.startsWith('/') ? '' : '/'}${encode(rest)}`);
}

function isPath(id: string): boolean {
  return id.startsWith('/') || /^[a-z]:\//.test(id);
}

function schemeOf(uri: string): string {
  return uri.slice(0, Math.max(0, uri.indexOf(':'))).toLowerCase();
}

function normalisePath(path: string, isFile: boolean): string {
  const spelled = path
    .split('/')
    .map((part) => encode(decode(part)))
    .join('/');
  if (!isFile) return spelled;
  const rooted = spelled.startsWith('/') ? spelled : `/${spelled}`;
  return rooted.replace(/^\/([A-Za-z])(?::|%3A)(?=\/|$)/i, (_all, drive: string) => `/${drive.toLowerCase()}:`);
}

/** A part that is not valid percent-encoding stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A lone surrogate has no percent-encoding; it becomes the replacement character. */
function encode(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~/!$&'()*+,;=@]+/gu, (run) => encodeURIComponent(run.replace(/\p{Surrogate}/gu, '\ufffd')));
}
