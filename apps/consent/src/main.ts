import { readConsentConfiguration } from '@countersign/config';
import { createLogger, endProcessAfter, standardOutput } from '@countersign/observability';
import { startConsentPage } from './consent-page';

async function main(): Promise<void> {
  const { logLevel, ...address } = readConsentConfiguration(process.env);
  const starting = startConsentPage({ ...address, logger: createLogger(logLevel, standardOutput()) });
  endProcessAfter(starting, ['SIGINT', 'SIGTERM']);
  await starting;
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
});
