import { describeDatabaseFailure } from '@countersign/database';
import { endProcessAfter } from '@countersign/observability';
import { startCustody } from './custody';
import { blockDebuggerSignal, refuseUnsafeSurroundings } from './hardening';
import { runCommand } from './operator';

async function main(): Promise<void> {
  blockDebuggerSignal();
  const [given, option] = [process.argv.slice(2), '--development'];
  const words = given.filter((word) => word !== option);
  const isDevelopment = given.includes(option);
  if (words.length > 0) {
    process.exitCode = await runCommand(words, process.env, isDevelopment);
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
