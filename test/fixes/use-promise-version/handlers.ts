// Handlers that stop the event loop, with imports by name.
import { readFileSync, writeFileSync } from 'node:fs';
import express, { type Request, type Response } from 'express';

const limits = JSON.parse(readFileSync('limits.json', 'utf8'));
const app = express();

app.get('/report', async (req, res) => {
  // As it stands on the disk.
  res.send(readFileSync(`reports/${req.query.name}.html`, 'utf8').trim());
});

export async function save(req: Request, res: Response): Promise<void> {
  try {
    writeFileSync(
      'state.json',
      JSON.stringify(req.body),
    );
    res.json(limits);
  } catch (error) {
    res.status(500).end();
  }
}
