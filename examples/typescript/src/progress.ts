// What the status line shows: the job asked for last, however long the answers take.

export class Progress {
  private shown = '';
  private generation = 0;

  async show(id: number): Promise<void> {
    const generation = ++this.generation;
    const answer = await fetch(`http://planner.internal/progress/${id}`);
    const text = await answer.text();
    // A later call has taken over while this one was waiting.
    if (generation !== this.generation) return;
    this.shown = text;
  }

  get line(): string {
    return this.shown;
  }
}
