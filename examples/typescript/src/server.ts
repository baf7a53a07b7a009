// A small job service: accepts jobs over HTTP, renders them in a worker, and bills their owners.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { transfer } from './accounts';
import { JobStore } from './job-store';
import { settle } from './ledger';
import { Progress } from './progress';
import { token } from './session';
import { currentRates } from './rates';

const store = new JobStore();
const progress = new Progress();

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  switch (url.pathname) {
    case '/jobs': {
      const id = await store.add({ name: url.searchParams.get('name') ?? 'unnamed', size: Number(url.searchParams.get('size')) });
      await progress.show(id);
      response.end(`${id}\n`);
      return;
    }
    case '/transfer':
      await transfer('cash', 'jobs', Number(url.searchParams.get('amount')));
      break;
    case '/settle':
      await settle('jobs');
      break;
    case '/rates':
      response.end(JSON.stringify(await currentRates(await token())));
      return;
    default:
      response.statusCode = 404;
  }
  response.end();
}

// The event loop runs one piece of a handler at a time, but many handlers are in flight: each await lets the others go on.
createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    response.statusCode = 500;
    response.end(String(error));
  });
}).listen(8080);
