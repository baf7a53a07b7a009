// git, asked for objects only: it runs nothing that a repository's configuration names, changes nothing and asks nobody.
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { harmless } from '../report/plain-text';
import { CannotRun } from './terminal';

export interface TreeEntry {
  /** Relative to the top of the repository, with forward slashes. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  readonly object: string;
}

/** The top folder of the repository that a folder is in. Throws `CannotRun` where there is none, or no git. */
export async function repositoryOf(folder: string): Promise<string> {
  return (await git(folder, ['rev-parse', '--show-toplevel'])).toString('utf8').replace(/\n$/, '');
}

/** The commit that a revision stands for. Throws `CannotRun` for one that is none. */
export async function commitOf(revision: string, folder: string): Promise<string> {
  // What begins with a dash would be an option.
  if (/^-|[\0\n]/.test(revision) || revision === '') throw new CannotRun(`no such git revision: ${harmless(revision)}`);
  try {
    return (await git(folder, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`])).toString('latin1').trim();
  } catch (error) {
    if (!(error instanceof NothingFound)) throw error;
    const isShallow = (await git(folder, ['rev-parse', '--is-shallow-repository'])).toString('latin1').trim() === 'true';
    throw new CannotRun(`no such git revision: ${harmless(revision)}${isShallow ? ' (the clone is shallow: fetch more of its history)' : ''}`);
  }
}

/** All files of a commit. */
export async function treeOf(commit: string, folder: string): Promise<TreeEntry[]> {
  const lines = (await git(folder, ['ls-tree', '-r', '-z', '--full-tree', commit])).toString('utf8').split('\0');
  return lines.flatMap((line) => {
    const found = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line);
    if (!found) return [];
    const [, mode, object, path] = found;
    return { path, object, kind: mode === '160000' ? 'submodule' : mode === '120000' ? 'link' : 'file' };
  });
}

/** The contents of objects, in their order; undefined for one that is not there. */
export async function objectsOf(objects: readonly string[], folder: string): Promise<(Uint8Array | undefined)[]> {
  if (objects.length === 0) return [];
  const output = await git(folder, ['cat-file', '--batch'], `${objects.join('\n')}\n`);
  let at = 0;
  return objects.map(() => {
    const end = output.indexOf(10, at);
    const size = /^\w+ blob (\d+)$/.exec(output.toString('latin1', at, end))?.[1];
    at = end + 1;
    if (size === undefined) return undefined;
    const content = output.subarray(at, at + Number(size));
    at += Number(size) + 1;
    return content;
  });
}

/** Commands that read objects run none of these; but which do is git's to decide, and not for ever. */
const HARMLESS = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'core.pager=cat', 'protocol.allow=never', 'safe.bareRepository=explicit'];
const LARGEST_OUTPUT = 1 << 30;
/** Milliseconds after which git is taken to hang. */
const PATIENCE = 120_000;

/** git has failed without a word, which says that what was asked for is not there. */
class NothingFound extends CannotRun {}

function git(folder: string, words: readonly string[], input = ''): Promise<Buffer> {
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, GIT_PREFIX: _prefix, ...environment } = process.env;
  const options = {
    // A `git` in the workspace is not the one that is meant; some systems look in the working folder first.
    cwd: dirname(process.execPath),
    env: {
      ...environment,
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      // What a partial clone lacks is not fetched.
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
      LC_ALL: 'C',
      NoDefaultCurrentDirectoryInExePath: '1',
    },
    maxBuffer: LARGEST_OUTPUT,
    timeout: PATIENCE,
    encoding: 'buffer' as const,
  };
  return new Promise((resolve, reject) => {
    const all = ['--no-pager', ...HARMLESS.flatMap((setting) => ['-c', setting]), '-C', folder, ...words];
    const child = execFile('git', all, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === 'ENOENT') reject(new CannotRun('--diff-base needs git, which is not there'));
      else if (error.killed) reject(new CannotRun('git gave no answer that could be used'));
      else if (stderr.length === 0) reject(new NothingFound('git failed without saying why'));
      else reject(new CannotRun(`git: ${harmless(whatIsWrong(stderr.toString('utf8')) || error.message)}`));
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Of what git says, the line that names the reason: warnings may go before it. */
function whatIsWrong(said: string): string {
  const lines = said.trim().split('\n');
  return lines.find((line) => line.startsWith('fatal: ')) ?? lines[0];
}
