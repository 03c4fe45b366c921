import { describeDatabaseFailure } from '@countersign/database';
import { endProcessAfter } from '@countersign/runtime';
import { startCustody } from './custody';
import { blockDebuggerSignal, refuseUnsafeSurroundings } from './hardening';
import { runCommand } from './operator';

async function main(): Promise<void> {
  blockDebuggerSignal();
  const isDevelopment = process.argv[2] === '--development';
  const words = process.argv.slice(isDevelopment ? 3 : 2);
  if (words.join(' ') === 'reader') return (await import('./reader.js')).runReader(process.env);
  if (words.length > 0) {
    process.exitCode = await runCommand(words, process.env);
    return;
  }
  refuseUnsafeSurroundings();
  const starting = startCustody(process.env, { isDevelopment });
  endProcessAfter(starting, ['SIGINT', 'SIGTERM']);
  const custody = await starting;
  process.on('SIGHUP', () => void custody.reload());
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeDatabaseFailure(error) ?? (error as Error).message}\n`);
  process.exit(1);
});
