// The files that the program comes with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from './terminal';

/** A file from the folder of the program; throws `CannotRun` where it is missing. */
export function readAsset(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch {
    throw new CannotRun(`${join(folder, name)} is missing; it belongs beside the program`);
  }
}
