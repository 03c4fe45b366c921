import { join } from 'node:path';
import 'reflect-metadata';
import { createLogger, readConfiguration } from '@countersign/runtime';
import { migrate } from '@countersign/database';
import { compareRing } from '@countersign/keys';
import { startApi, type RunningApi } from '../../../apps/api/src/bootstrap';
import { startConsentPage, type RunningConsentPage } from '../../../apps/consent/src/consent-page';
import { describeFailure } from '../../../apps/api/src/describe-failure';
import { featuresOf } from '../../../apps/api/src/features';
import { PlaygroundModule, type DeveloperKeys, type PlaygroundSettings } from '../../playground/src';
import { CustodyProcess } from './custody';
import type { ServiceLog } from './service-log';

/** The product as the launcher uses it. It is loaded when the environment is complete. */
export interface Product {
  /** It refuses a key ring of another database. */
  migrate(): Promise<void>;
  startCustody(
    environment: Readonly<Record<string, string>>,
    log: ServiceLog,
  ): Pick<CustodyProcess, 'socket' | 'consentSocket' | 'close'>;
  startConsentPage(socket: string, log: ServiceLog): Promise<RunningConsentPage>;
  /** The launcher handles signals, since the database stops last. @param playground with the keys of the console */
  startApi(
    playground: { readonly settings: PlaygroundSettings; readonly keys: DeveloperKeys | null } | null,
    log: ServiceLog,
  ): Promise<Pick<RunningApi, 'close'>>;
}

/** The messages of its errors say why the service does not start. */
export function loadProduct(): Product {
  return {
    migrate: () =>
      plainly(async () => {
        const { databaseDirectUrl, keyRing, use } = readConfiguration(process.env);
        const features = featuresOf(use).map(({ name }) => name);
        await migrate(databaseDirectUrl, {
          use: features,
          check: (manager) => compareRing(manager, keyRing),
        });
      }),
    startCustody: (environment, log) => {
      const program = join(__dirname, '../../../../bin/countersign-custody');
      const custody = new CustodyProcess(program, environment, log);
      custody.startReader();
      return custody;
    },
    startConsentPage: (socket, log) =>
      startConsentPage({ socket, host: '127.0.0.1', port: 0, logger: createLogger('info', log) }),
    startApi: (playground, log) => {
      const additions = playground ? [PlaygroundModule.of(playground.settings, playground.keys)] : [];
      return plainly(() => startApi(process.env, additions, log));
    },
  };
}

async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(describeFailure(error), { cause: error });
  }
}
