// Creating a workspace: the one entry to the analysis for editors and the command line.
import type { Library } from '../model/library';
import { Engine } from './engine';
import type { Configuration, Workspace } from './snapshot';

export interface WorkspaceOptions {
  readonly library: Library;
  readonly configuration?: Configuration;
}

/** A workspace without files; it needs a front end for each language (`provide`) before it can read any. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  return new Engine(options.library, options.configuration);
}
