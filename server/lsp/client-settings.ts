// Client settings: the section `lockset` of the editor's configuration, asked for at the start and whenever it changes.
import { DidChangeConfigurationNotification } from 'vscode-languageserver';
import { type Session, unheard } from './session';

const SECTION = 'lockset';
/** A client that does not answer must not keep the analysis from starting, in milliseconds. */
const PATIENCE = 2000;

/** The settings now; `undefined` where the client has none to give. */
export async function askForSettings(session: Session): Promise<unknown> {
  const { capabilities, connection } = session;
  if (!capabilities.workspace?.configuration) return undefined;
  const giveUp = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE).unref?.());
  try {
    return await Promise.race([connection.workspace.getConfiguration(SECTION) as Promise<unknown>, giveUp]);
  } catch {
    return undefined;
  }
}

/** Calls `onChange` with the new settings whenever the client says that they changed. */
export function followSettings(session: Session, onChange: (settings: unknown) => void): void {
  const { capabilities, connection } = session;
  let last = 0;
  connection.onDidChangeConfiguration(async ({ settings }) => {
    const turn = ++last;
    const asked = await askForSettings(session);
    // Clients that cannot be asked send the settings along.
    const sent = typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>)[SECTION] : undefined;
    if (turn === last) onChange(asked ?? sent);
  });
  if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
    unheard(connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION }));
  }
}
