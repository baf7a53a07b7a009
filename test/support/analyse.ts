// Analysis in memory: texts in, snapshot out, through the real workspace and both front ends.
import type { FrontEnd } from '../../server/lower/front-end';
import { createLibrary } from '../../server/lower/library';
import { createWorkspace } from '../../server/workspace/create';
import type { Configuration, Snapshot, Workspace } from '../../server/workspace/snapshot';
import { loadFrontEnds } from './front-ends';

const library = createLibrary();
let frontEnds: Promise<readonly FrontEnd[]> | undefined;

/** An empty workspace that reads both languages. */
export async function newWorkspace(configuration?: Configuration): Promise<Workspace> {
  frontEnds ??= loadFrontEnds();
  return workspaceOf(await frontEnds, configuration);
}

/** An empty workspace with front ends that are loaded already; front ends may serve many workspaces. */
export function workspaceOf(frontEnds: readonly FrontEnd[], configuration?: Configuration): Workspace {
  const workspace = createWorkspace({ library, configuration });
  for (const frontEnd of frontEnds) workspace.provide(frontEnd);
  return workspace;
}

/** The analysis of a program, file name → text. */
export async function analyse(files: Readonly<Record<string, string>>, configuration?: Configuration): Promise<Snapshot> {
  const workspace = await newWorkspace(configuration);
  workspace.change(Object.entries(files).map(([file, text]) => ({ file, text })));
  return workspace.analyse();
}
