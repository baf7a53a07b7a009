import { writeFile } from 'node:fs/promises';
import { logger } from './logger';

export class Settings {
  private values: Record<string, string> = {};

  constructor(private readonly file: string) {}

  // Nobody waits for a change of a setting.
  set(key: string, value: string): void {
    this.values[key] = value;
    try {
      writeFile(this.file, JSON.stringify(this.values)).catch((error) => {
        logger.error({ err: error }, 'settings are not saved');
      });
    } catch (error) {
      logger.error({ err: error }, 'settings are not saved');
    }
  }

  reset(): void {
    try {
      if (Object.keys(this.values).length > 0) {
        writeFile(
          this.file,
          '{}',
        ).catch(() => {
          logger.warn('settings are not reset');
          this.notify();
        }); // an empty one
      }
    } catch {
      logger.warn('settings are not reset');
      this.notify();
    }
  }

  touch(): void {
    try {
      writeFile(this.file, '')
        .then(() => this.notify())
        .catch((failure) => {
          this.notify(failure);
        });
    } catch (failure) {
      this.notify(failure);
    }
  }

  private notify(error?: unknown): void {
    logger.info(error);
  }
}
