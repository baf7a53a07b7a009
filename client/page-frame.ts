// The frame around the server's report page: its content security policy and the one script that may run in it.

/** A word nobody can guess, for one page only. */
export function createNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Adds the policy and the script to a page. The policy comes on top of the page's own (a browser applies both), so that a fault
 * in the server's escaping still runs nothing and loads nothing.
 */
export function framePage(page: string, nonce: string, script: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const withPolicy = page.includes('<head>') ? page.replace('<head>', () => `<head>${head}`) : `<!DOCTYPE html><head>${head}</head>${page}`;
  const tag = `<script nonce="${nonce}" src="${script}"></script>`;
  const end = withPolicy.lastIndexOf('</body>');
  return end < 0 ? withPolicy + tag : withPolicy.slice(0, end) + tag + withPolicy.slice(end);
}

/** A page that says one thing, in plain text. */
export function messagePage(message: string): string {
  const text = message.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Concurrency Report</title></head><body><p>${text}</p></body></html>`;
}
