// The extension in a browser.
export async function runWeb() {}
