// Engine: what the analysis side needs of the layers below, as one interface, so that tests can put something small in its place.
import type { FrontEnd } from '../lower/front-end';
import type { Language, Module } from '../model/module';
import type { WorkspaceReport } from '../report/workspace-report';
import type { RuleSetting } from '../workspace/configuration-file';
import type { FileSystem } from '../workspace/file-system';
import type { Configuration, Workspace } from '../workspace/snapshot';
import type { HoverAnswer } from './analysis-channel';
import type { CardResult, CardsResult } from './messages';

export interface HoverQuestion {
  readonly module: Module;
  readonly text: string;
  readonly offset: number;
  readonly api: { readonly name: string; readonly start: number; readonly end: number } | undefined;
}

export interface Engine {
  createWorkspace(configuration: Configuration): Workspace;
  /** Loads a language's front end; rejects with a message fit for a person when a part of it is missing. */
  loadFrontEnd(language: Language, assets: string): Promise<FrontEnd>;
  hover(question: HoverQuestion): HoverAnswer | undefined;
  renderReport(report: WorkspaceReport, nonce: string, contentSecuritySource: string): string;
  /** What holds for a rule that nobody configured; undefined for one that does not exist. */
  defaultSeverity(rule: string): RuleSetting | undefined;
  card(id: string): CardResult | undefined;
  cards(): CardsResult;
}

/** What the analysis may use of the machine it runs on. */
export interface Surroundings {
  /** The disk; undefined in a browser, where only open documents are seen. */
  readonly files: FileSystem | undefined;
  /** Resolves after the messages that wait have been delivered. */
  readonly letMessagesIn: () => Promise<void>;
}
