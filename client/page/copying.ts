// Places in a page that a browser shows on its own: nothing can open them there, so a press copies where they are.

/** Copies `file:line` of a place to the clipboard, and says so. */
export async function copyPlace(place: HTMLElement): Promise<void> {
  const text = place.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied ${text}`);
  } catch {
    say(text);
  }
}

const STAYS = 2500;
let timer: ReturnType<typeof setTimeout> | undefined;

function say(text: string): void {
  let toast = document.querySelector<HTMLElement>('.toast');
  if (!toast) {
    toast = document.createElement('div');
    toast.className = 'toast';
    toast.setAttribute('role', 'status');
    // Over everything else, an open page of a rule too.
    toast.popover = 'manual';
    document.body.append(toast);
  }
  toast.showPopover();
  toast.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => document.querySelector<HTMLElement>('.toast')?.hidePopover(), STAYS);
}
