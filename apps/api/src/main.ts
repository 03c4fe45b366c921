// This import comes first, because V8 flags affect only the code that runs later.
import './engine';
import { endProcessAfter } from '@countersign/runtime';
import { describeFailure } from './describe-failure';
import { startApi } from './bootstrap';

async function main(): Promise<void> {
  const starting = startApi();
  endProcessAfter(starting, ['SIGINT', 'SIGTERM']);
  // The handler is set early: without one, the signal ends the process.
  process.on('SIGHUP', () => void starting.then((api) => api.reloadKeys()).catch(() => undefined));
  await starting;
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
});
