/** Moves with the keys. */
export class Keys {
  private readonly held = new Set<string>();
  private onUp = this.up.bind(this);

  constructor(private readonly element: HTMLElement) {
    this.element.addEventListener('click', this.down);
    window.addEventListener('keydown', this.down, { passive: true });
    document.addEventListener('keyup', this.onUp, { capture: true, passive: true });
  }

  private down = (event: Event): void => {
    this.held.add(event.type);
  };

  private up(event: Event): void {
    this.held.delete(event.type);
  }

  dispose(): void {
    // Nothing is held any more.
    this.held.clear();
  }
}
