// Engine: what the analysis side needs of the layers below, as one interface, so that tests can put something small in its place.
import type { FrontEnd } from '../lower/front-end';
import type { Library } from '../model/library';
import type { Language, Module } from '../model/module';
import type { Card } from '../report/cards';
import type { LineOf } from '../report/fingerprints';
import type { HoverKind, HoverSubject } from '../report/hover';
import type { Known } from '../report/known';
import type { ReportLocation, WorkspaceReport } from '../report/workspace-report';
import type { RuleSetting } from '../workspace/configuration-file';
import type { FileSystem } from '../workspace/file-system';
import type { Configuration, Workspace } from '../workspace/snapshot';
import type { HoverAnswer } from './analysis-channel';
import type { CardPage, CardsResult, ReportFileFormat } from './messages';

export interface HoverQuestion {
  readonly module: Module;
  readonly text: string;
  readonly offset: number;
  readonly subject: HoverSubject | undefined;
  /** Rules whose findings the offset stands in. */
  readonly rules: readonly string[];
  /** What hovers are wanted about. */
  readonly kinds: ReadonlySet<HoverKind>;
  readonly library: Library;
  readonly withCommands: boolean;
}

/** Library models that a configuration file adds, as they stand there. */
export interface UserModels {
  readonly file: string;
  readonly models: readonly unknown[];
}

/** What reports are made of. */
export interface ReportSource {
  readonly report: WorkspaceReport;
  /** Ids of the workspace's folders. */
  readonly folders: readonly string[];
  readonly lineOf: LineOf;
}

export interface ReportPage extends ReportSource {
  readonly nonce: string;
  readonly contentSecuritySource: string;
}

export interface ReportFile extends ReportSource {
  readonly format: ReportFileFormat;
  readonly version: string;
}

export interface Engine {
  createLibrary(userModels: readonly UserModels[], onProblem: (file: string, message: string) => void): Library;
  createWorkspace(library: Library, configuration: Configuration): Workspace;
  /** Loads a language's front end; rejects with a message fit for a person when a part of it is missing. */
  loadFrontEnd(language: Language, assets: string): Promise<FrontEnd>;
  hover(question: HoverQuestion): HoverAnswer | undefined;
  /** The id of the card about what a hover there is about. */
  cardIdAt(question: HoverQuestion): string | undefined;
  renderReport(page: ReportPage): string;
  /** `assets`: where the script of pages is. */
  exportReport(file: ReportFile, assets: string): Promise<string>;
  /** What holds for a rule that nobody configured; undefined for one that does not exist. */
  defaultSeverity(rule: string): RuleSetting | undefined;
  card(id: string, library: Library, withCommands: boolean): Card | undefined;
  /** The card of something in the workspace's own code. */
  codeCard(known: Known<ReportLocation>, folder: string | undefined, withCommands: boolean): Card;
  /** A card as a page. */
  renderCard(card: Card, page: CardPage): string;
  cards(library: Library): CardsResult;
}

/** What the analysis may use of the machine it runs on. */
export interface Surroundings {
  /** The disk; undefined in a browser, where only open documents are seen. */
  readonly files: FileSystem | undefined;
  /** Resolves after the messages that wait have been delivered. */
  readonly letMessagesIn: () => Promise<void>;
}
