// What pages and the extension say to each other: types, and the check of what arrives from a page.

/** A place in a source file; line and column from 0. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What the extension says to the page of the report. */
export interface ToReportPage {
  /** A newer report, as a whole page. */
  readonly html?: string;
  /** What is going on, to be shown above the report; `null` takes that away. */
  readonly notice?: Notice | null;
  /** A finding to show, by its place. */
  readonly reveal?: Place;
}

export interface Notice {
  /** What a screen reader says, once; the same for all messages of one activity. */
  readonly title: string;
  readonly text: string;
  readonly isBusy: boolean;
  /** How far it is; absent where nobody knows. */
  readonly progress?: { readonly done: number; readonly total: number };
  /** Buttons. */
  readonly actions: readonly { readonly action: ReportAction; readonly label: string }[];
}

export const REPORT_ACTIONS = ['stop', 'goOn', 'restart', 'showLogs', 'openSettings', 'openFolder'] as const;
export type ReportAction = (typeof REPORT_ACTIONS)[number];

/** The place in a message from the page; undefined for everything else, for the page is not trusted. */
export function parsePlace(message: unknown): Place | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { file, line, column } = message as Record<string, unknown>;
  if (typeof file !== 'string' || !isCount(line) || !isCount(column)) return undefined;
  return { file, line, column };
}

/** The card in a message from the page, or `back`; undefined for everything else. */
export function parseCardRequest(message: unknown): { readonly card: string } | 'back' | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { card, back } = message as Record<string, unknown>;
  if (back === true) return 'back';
  return typeof card === 'string' ? { card } : undefined;
}

/** The button that was pressed on the report's page, or that its script has started; undefined for everything else. */
export function parseReportRequest(message: unknown): ReportAction | 'ready' | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { action, isReady } = message as Record<string, unknown>;
  return isReady === true ? 'ready' : REPORT_ACTIONS.find((known) => known === action);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
