import { writeFile } from 'node:fs/promises';
import { logger } from './logger';

// What the catch decides cannot be decided later.
export function save(file: string, text: string): boolean {
  try {
    writeFile(file, text);
    return true;
  } catch (error) {
    logger.error(error);
    return false;
  }
}

// The name in the catch is another one here.
export function store(files: string[], file: string): void {
  try {
    for (const file of files) {
      writeFile(file, '');
    }
  } catch (error) {
    logger.error(file, error);
  }
}
