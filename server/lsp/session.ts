// Session: what the features of one connection share.
import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import type { AnalysisSupervisor } from './analysis-supervisor';
import type { OpenDocuments } from './open-documents';
import type { DiagnosticResult } from './protocol-diagnostics';

export interface Session {
  readonly connection: Connection;
  readonly capabilities: ClientCapabilities;
  /** Whether the client is our own, which has our commands. */
  readonly isOurs: boolean;
  readonly analysis: AnalysisSupervisor;
  readonly documents: OpenDocuments;
  /** The last diagnostics that were sent for each open document, by URI. */
  readonly results: Map<string, DiagnosticResult>;
  /** Tells which files lie in the client's folders on a disk. */
  readonly folders: { readonly has: (id: string) => boolean };
  readonly log: Log;
}

export type Log = (level: 'info' | 'warning' | 'error', message: string) => void;

/** Sending may fail when the client has hung up; then there is nobody left to tell. */
export function unheard(sending: Promise<unknown>): void {
  sending.catch(() => undefined);
}
