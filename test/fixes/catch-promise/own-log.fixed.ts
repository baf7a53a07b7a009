import type { Logger } from 'pino';

export interface Hooks {
  onExit: (code: number) => Promise<void>;
}

export class Runner {
  constructor(
    private readonly hooks: Hooks,
    private readonly logger: Logger,
  ) {}

  run(task: () => number): void {
    try {
      this.end(task());
    } catch (err) {
      this.logger.error({ err }, 'the task has failed');
      this.end(1);
    }
  }

  private end(code: number): void {
    this.hooks.onExit(code).catch((error) => {
      this.logger.error({ err: error }, 'onExit() failed');
    });
  }
}

export const hooks: Hooks = {
  onExit: async (code) => {
    await fetch(`/exit/${code}`);
  },
};

export function runWith(given: Hooks, logger: Logger): Runner {
  return new Runner({ onExit: given.onExit }, logger);
}

runWith(hooks, console as unknown as Logger).run(() => 0);
