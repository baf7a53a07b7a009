// What the client does when the server crashes: start it again a few times, then leave it and say so in the status item.
import { CloseAction, ErrorAction, type ErrorHandler } from 'vscode-languageclient';

const RESTARTS = 3;
const WITHIN_MILLISECONDS = 3 * 60_000;

/** `giveUp` is told why the server is left stopped. The answers are marked as handled, so that the client shows no popups. */
export function createErrorHandler(giveUp: (message: string) => void): ErrorHandler {
  let crashes: number[] = [];
  return {
    error: (_error, _message, count) => ({ action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown, handled: true }),
    closed: () => {
      const now = Date.now();
      crashes = [...crashes.filter((time) => now - time < WITHIN_MILLISECONDS), now];
      if (crashes.length <= RESTARTS)
        return { action: CloseAction.Restart, handled: true, message: `The server stopped unexpectedly (${crashes.length}); restarting it.` };
      const message = `Lockset: the server crashed ${crashes.length} times in 3 minutes and was left stopped`;
      giveUp(message);
      return { action: CloseAction.DoNotRestart, handled: true, message };
    },
  };
}
