// Messages beyond the language server protocol that client and server exchange: types and names only.

/** Notification, server to client: what the analysis is doing. */
export const STATUS = 'lockset/status';
export interface StatusParameters {
  /** `off`: the settings forbid it to run; only the client says so. */
  readonly state: 'starting' | 'analysing' | 'ready' | 'failed' | 'off';
  /** One line for a person: what is found, such as "Lockset: 2 errors, 5 warnings", or what is going on. */
  readonly message: string;
  /** How many were analysed; what follows is of the same moment. */
  readonly files: number;
  readonly findings: number;
  /** How long the last analysis took. */
  readonly milliseconds: number;
  /** How many analyses there have been: a report of another number is out of date. */
  readonly revision: number;
  /** Present while folders are read: how many files have been read, of how many; `total` is 0 while they are looked for. */
  readonly reading?: FileProgress;
  /** Present after a person has stopped that. */
  readonly stopped?: FileProgress;
}
export interface FileProgress {
  readonly done: number;
  readonly total: number;
}

/** Notification, client to server, without parameters: stop reading folders; what has been read is kept. */
export const STOP_READING = 'lockset/stopReading';
/** Notification, client to server, without parameters: read what was left out when reading was stopped. */
export const GO_ON_READING = 'lockset/goOnReading';

/** Request, client to server: the workspace's concurrency report as one HTML page without scripts of its own. */
export const REPORT = 'lockset/report';
export interface ReportParameters {
  /** Put on the page's style and on the client's script by the strict content security policy. */
  readonly nonce: string;
  readonly contentSecuritySource: string;
  /** While folders are read the report is of what has been read so far; otherwise it waits for all. */
  readonly soFar?: boolean;
}
export interface ReportResult {
  readonly html: string;
  /** The number of the analysis that it is of. */
  readonly revision: number;
}

/** Request, client to server: the report as the text of a file; waits until all folders are read. */
export const EXPORT_REPORT = 'lockset/exportReport';
export interface ExportReportParameters {
  readonly format: ReportFileFormat;
}
export type ReportFileFormat = 'html' | 'markdown' | 'json' | 'sarif';
export interface ExportReportResult {
  readonly text: string;
}

/** Request, client to server: everything the analysis knows about a line, as plain text. */
export const EXPLAIN = 'lockset/explain';
export interface ExplainParameters {
  readonly uri: string;
  /** From 0. */
  readonly line: number;
}
export interface ExplainResult {
  readonly text: string;
}

/** Request, client to server: one card, or null where there is none of that name. */
export const CARD = 'lockset/card';
export interface CardParameters {
  /** A term's or rule's id or name (`lock-order-inversion`), an API's canonical name (`threading.Lock`), or `code:` and what is known by that id. */
  readonly id: string;
  /** Asks for a page as well. */
  readonly page?: CardPage;
}
export interface CardPage {
  /** Put on the page's style and on the client's script by the strict content security policy. */
  readonly nonce: string;
  /** Whether the page shows a link back. */
  readonly canGoBack: boolean;
}
export interface CardResult {
  readonly title: string;
  readonly markdown: string;
  readonly html?: string;
}

/** Request, client to server: the id of the card about what stands at a position, or null. */
export const CARD_AT = 'lockset/cardAt';
export interface CardAtParameters {
  readonly uri: string;
  /** Both from 0, in UTF-16 units. */
  readonly line: number;
  readonly character: number;
}

/** Request, client to server, without parameters: every card there is, for a person to choose from. */
export const CARDS = 'lockset/cards';
export interface CardEntry {
  readonly kind: 'term' | 'symptom' | 'rule' | 'api';
  /** What to ask for; several symptoms may have one card. */
  readonly id: string;
  readonly title: string;
  /** Other names. */
  readonly names: readonly string[];
  /** One line: what it is. */
  readonly summary: string;
}
export type CardsResult = readonly CardEntry[];

/** Request, client to server: the next question on the way to a concurrency tool, or the advice; null where the answers fit no question. */
export const CHOOSE = 'lockset/choose';
export interface ChooseParameters {
  /** Known from the open editor; asked for where it is absent. */
  readonly language?: 'python' | 'typescript' | 'javascript';
  /** Ids of the answers so far. */
  readonly answers: readonly string[];
}
export type ChooseResult = ChooseQuestion | ChooseAdvice;
export interface ChooseQuestion {
  readonly kind: 'question';
  readonly question: { readonly text: string; readonly answers: readonly { readonly id: string; readonly label: string; readonly detail: string }[] };
}
export interface ChooseAdvice {
  readonly kind: 'advice';
  /** Of the card that shows it. */
  readonly cardId: string;
  readonly title: string;
  readonly snippet?: {
    readonly title: string;
    readonly language: 'python' | 'typescript' | 'javascript';
    /** With placeholders, as an editor inserts it. */
    readonly body: string;
  };
}

/** What the client hands over in `initializationOptions`. */
export interface InitializationOptions {
  /** Where the .wasm files are: a directory path in Node, a URL ending in "/" in a browser. */
  readonly assets: string;
}

/** Command of the client: shows the report. Argument, if any: the place of a finding, which is brought into view. */
export const SHOW_REPORT = 'lockset.showReport';
/** Lines and columns from 0; in a notebook those of the whole, as the report counts them. */
export interface ReportPlace {
  /** A URI. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Command of the client: shows a place in the editor. Argument: the place. */
export const SHOW_PLACE = 'lockset.showPlace';
/** Lines and columns from 0. */
export interface ShownPlace {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

/** Request, client to server: where a place of a report is in the editor, which shows notebooks as cells; null where it is gone. */
export const LOCATE = 'lockset/locate';
export interface LocateParameters {
  readonly uri: string;
  /** Both from 0. */
  readonly line: number;
  readonly character: number;
}

/** Command of the client: leads a person through the steps of a finding's schedule or trace. Arguments: a title, and the steps in order. */
export const SHOW_TRACES = 'lockset.showTraces';
export interface ShownStep extends ShownPlace {
  readonly message: string;
  /** Whose step it is: `thread running work()`; '' where only one is at work. */
  readonly who: string;
}

/** Command of the client: turns a rule off in the configuration that holds for a document. Arguments: the document's URI and the rule. */
export const TURN_RULE_OFF = 'lockset.turnRuleOff';

/** Request, client to server: the configuration file that holds for a document; null where it can have none. */
export const CONFIGURATION_FILE = 'lockset/configurationFile';
export interface ConfigurationFileParameters {
  readonly uri: string;
}
export interface ConfigurationFileResult {
  readonly uri: string;
  /** Otherwise it is to be made. */
  readonly exists: boolean;
}

/** Request, client to server: what to put where in the text of a configuration file, so that it turns a rule off. */
export const RULE_OFF = 'lockset/ruleOff';
export interface RuleOffParameters {
  readonly configuration: string;
  readonly text: string;
  readonly rule: string;
}
/** Where the text does not allow it only a line is told, for a person to look at. */
export type RuleOffResult = (ShownPlace['range'] & { readonly snippet: string }) | { readonly line: number };

/** The map that the report's page holds as data for its script. */
export type { MapEdge, MapNode, ReportMap } from '../report/report-map';
