import {
  createLogger,
  endProcessAfter,
  readConsentConfiguration,
  standardOutput,
} from '@countersign/runtime';
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
