// Creating a workspace: the one entry to the analysis for editors and the command line.
import type { Library } from '../model/library';
import type { Configuration, Workspace } from './snapshot';

export interface WorkspaceOptions {
  readonly library: Library;
  readonly configuration?: Configuration;
}

/** A workspace without files. */
export function createWorkspace(_options: WorkspaceOptions): Workspace {
  throw new Error('not built yet');
}
