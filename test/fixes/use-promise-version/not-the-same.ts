// No promise version takes the same here, its name is taken, or the function cannot wait.
import { readFile, readFileSync, statSync } from 'node:fs';
import { readSync } from 'node:fs';
import express from 'express';

const app = express();

app.get('/callback', async (_req, res) => {
  readFile('a', (_error, content) => res.write(content));
  res.send(readFileSync('b'));
});

app.get('/size', async (req, res) => {
  const found = statSync(String(req.query.name), { throwIfNoEntry: false });
  res.json({ size: found?.size });
});

app.get('/sync', (req, res) => {
  res.send(readFileSync(`${req.query.name}.html`));
});

app.get('/part', async (req, res) => {
  const part = Buffer.alloc(10);
  readSync(Number(req.query.handle), part);
  res.send(part);
});
