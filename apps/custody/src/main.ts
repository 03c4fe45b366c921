import { describeDatabaseFailure } from '@countersign/database';
import { startCustody } from './custody';
import { blockDebuggerSignal, refuseUnsafeSurroundings } from './hardening';

async function main(): Promise<void> {
  blockDebuggerSignal();
  refuseUnsafeSurroundings();
  const custody = await startCustody(process.env);
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    custody.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGHUP', () => void custody.rotate());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeDatabaseFailure(error) ?? (error as Error).message}\n`);
  process.exit(1);
});
