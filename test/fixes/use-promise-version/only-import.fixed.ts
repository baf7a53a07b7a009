// The one import of fs becomes that of its promises.
import { readdir } from 'fs/promises';
import type { Request, Response } from 'express';

export async function listUploads(_req: Request, res: Response): Promise<void> {
	for (const name of await readdir('uploads')) {
		res.write(name);
	}
	res.end();
}
