// A flag that is polled and set without Atomics in one place and with them in another.
const STOP = 0;
const BEATS = 1;

export class Search {
  constructor(cells) {
    this.cells = cells;
  }

  run(step) {
    while (this.cells[STOP] === 0) {
      step();
      Atomics.add(this.cells, BEATS, 1);
    }
  }
}

export class Control {
  constructor(cells) {
    this.cells = cells;
  }

  stop() {
    Atomics.store(this.cells, STOP, 1);
  }

  stopAtOnce() {
    this.cells[STOP] = 1;
  }
}
