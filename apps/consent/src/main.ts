import { readConsentConfiguration } from '@countersign/config';
import { createLogger, endProcessAfter, standardOutput } from '@countersign/observability';
import { startConsentPage } from './consent-page';

const { socket, host, port, logLevel } = readConsentConfiguration(process.env);
const starting = startConsentPage({ socket, host, port, logger: createLogger(logLevel, standardOutput()) });
endProcessAfter(starting, ['SIGINT', 'SIGTERM']);
starting.catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
});
