// The analysis as the command line uses it: made here from the layers below, by tests from stand-ins.
import type { FrontEnd } from '../lower/front-end';
import type { Library } from '../model/library';
import type { Language } from '../model/module';
import type { RuleSetting } from '../workspace/configuration-file';
import type { Workspace } from '../workspace/snapshot';

export interface Engine {
  createWorkspace(library: Library): Workspace;
  /** Loads a language; only called for languages that occur. */
  loadFrontEnd(language: Language): Promise<FrontEnd>;
  /** What holds for a rule that no configuration names; undefined for a rule that is not known. */
  defaultOf(rule: string): RuleSetting | undefined;
  /** Changes whenever the outcome of an analysis may: keeps old caches from being used. */
  readonly identity: string;
  /** The file that worker threads run, which must call `serveLowering`; without it there are none. */
  readonly workerScript?: string;
}
