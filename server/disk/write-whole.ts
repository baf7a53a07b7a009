// Writing a file whole: beside its name and then put there, so that nobody ever finds half a one.
import { accessSync, chmodSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { parentOf } from '../workspace/file-system';
import { nodeFiles } from './node-files';

/** Puts a text into a file (absolute, forward slashes); gives the reason, for a person, where it could not be. */
export function writeWhole(file: string, text: string): string | undefined {
  const known = whyNotWritable(file);
  if (known !== undefined) return known;
  try {
    // What is no regular file (a pipe, /dev/null) cannot be replaced; what a link leads to is, and the link stays.
    if (nodeFiles.kindOf(file) === 'other') writeFileSync(file, text);
    else replace((nodeFiles.realPath(file) as string | undefined) ?? file, text);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Why a file cannot be written, as far as that shows before trying: it is a folder, or has none. */
export function whyNotWritable(file: string): string | undefined {
  if (nodeFiles.kindOf(file) === 'directory') return 'it is a folder';
  return nodeFiles.kindOf(parentOf(file)) === 'directory' ? undefined : 'there is no such folder';
}

function replace(file: string, text: string): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before) accessSync(file, constants.W_OK);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    if (before) chmodSync(beside, before.mode);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    // Its folder may allow no other file, or the file be a mount of its own.
    if (!before || codeOf(error) === 'ENOSPC') throw error;
    writeFileSync(file, text);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write it',
  EPERM: 'no permission to write it',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
};

/** Why writing failed, for a person. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return (code && REASONS[code]) ?? `it cannot be written (${code ?? String(error)})`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
