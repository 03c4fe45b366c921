import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateKeyRing } from '@countersign/crypto';
import {
  keepOnce,
  lockFolder,
  prepareFolder,
  startPrivatePostgres,
  writePrivately,
} from '@countersign/private-postgres';
import { featuresIn, type FeatureName } from '../../../apps/api/src/features';
import { makeCustodyRole } from './custody';
import { developmentRules } from './custody-rules';
import { DeveloperKeys } from '../../playground/src/developer-keys';
import type { PlaygroundSettings } from '../../playground/src/playground.settings';
import { Demo } from './demo';
import type { Ending } from './ending';
import type { Product } from './product';
import { ServiceLog } from './service-log';
import { urlOf, type Settings } from './settings';
import type { UndoStack } from './undo-stack';

/** In milliseconds (docs/operations.md). After this time the database stops even if the API still runs. */
const STOP_LIMIT = 30_000;

const LOOPBACK = ['127.0.0.1', 'localhost', '::1', '[::1]'];

const CUSTODY_VARIABLES = [
  'CUSTODY_DATABASE_URL',
  'CUSTODY_DATABASE_URL_FILE',
  'CUSTODY_API_DATABASE_URL',
  'CUSTODY_API_DATABASE_URL_FILE',
  'CUSTODY_KEYS',
  'CUSTODY_KEYS_FILE',
  'CUSTODY_RULES',
  'CUSTODY_COPY',
] as const;

interface Surroundings {
  readonly command: string;
  readonly load: () => Promise<Product>;
  readonly undo: UndoStack;
  readonly ending: Pick<Ending, 'check'>;
}

/** Starts everything in order and prints how to use it. Each started service goes onto the undo stack. */
export async function start(
  settings: Settings,
  { command, load, undo, ending }: Surroundings,
): Promise<void> {
  undo.push(await lockFolder(prepareFolder(settings.dataFolder)));
  writePrivately(settings.file('process-id'), String(process.pid));
  undo.push(() => rmSync(settings.file('operator.json'), { force: true }));
  const demo = settings.hasDatabase ? null : Demo.in(settings.dataFolder);
  completeEnvironment(settings, demo);
  const loading = load();
  // This runs while PostgreSQL starts. The promise is awaited below.
  loading.catch(() => undefined);
  if (!settings.hasDatabase) {
    const postgres = await startPrivatePostgres({
      baseDirectory: settings.file('postgres'),
      durability: 'durable',
      log: say,
    });
    undo.push(() => postgres.stop());
    process.env['DATABASE_URL'] = postgres.url;
  }
  const consentBot = demo?.consentBot ?? null;
  const custodyVariables = await custodyEnvironment(settings, consentBot).catch(withoutCustody);
  ending.check();
  const log = new ServiceLog(settings.file('service.log'));

  const product = await loading;
  ending.check();
  say('Migrating the database ...');
  await product.migrate();
  ending.check();
  let consentUrl: string | undefined;
  if (custodyVariables) {
    say('Starting the custody process ...');
    try {
      const custody = product.startCustody(custodyVariables, log);
      undo.push(() => custody.close());
      process.env['CUSTODY_SOCKET'] = custody.socket;
      // `countersign` in another terminal reads this file, like `use` and `operator.json`.
      writeFileSync(settings.file('custody-socket'), custody.socket);
      const page = await product.startConsentPage(custody.consentSocket, log);
      undo.push(() => page.close());
      consentUrl = `http://127.0.0.1:${page.port}`;
    } catch (error) {
      withoutCustody(error);
    }
  }
  say('Starting the API ...');
  const { address } = settings;
  const consoleUrl = isUsed('console') ? (process.env['CONSOLE_URL'] ?? '') : '';
  const isHere = isForDeveloperHere(process.env['ADMIN_HOST'] || '127.0.0.1');
  const keys =
    demo && isHere && isForDeveloperHere(consoleUrl && new URL(consoleUrl).hostname)
      ? new DeveloperKeys(consoleUrl, (link) =>
          say(`The link to the console was used. Next time, use this one: ${link}`),
        )
      : null;
  const playground: PlaygroundSettings | null = demo && {
    ...{ ...demo.signer, applicationId: '', address, consoleUrl },
    ...(consentBot && consentUrl !== undefined
      ? { consent: { url: consentUrl, botToken: consentBot.token } }
      : {}),
    ...(isHere
      ? { keepPrincipal: (principal) => keepOperator(settings.file('operator.json'), principal) }
      : {}),
  };
  const api = await product.startApi(playground && { settings: playground, keys }, log);
  // Written only after the database has started with these features.
  if (!settings.hasDatabase) writeFileSync(settings.file('use'), process.env['COUNTERSIGN_USE'] || 'all');
  undo.push(() => Promise.race([api.close(), sleep(STOP_LIMIT, undefined, { ref: false })]));
  ending.check();
  const login = demo && playground && demo.loginCommand(address, playground.applicationId);
  const console = keys
    ? `${keys.link}   (this link signs you in once)`
    : consoleUrl && `${consoleUrl}/console`;
  sayFrame(settings, command, console, login);
}

function sayFrame(settings: Settings, command: string, console: string, login: string | null): void {
  const { address, dataFolder } = settings;
  const lines = [
    '',
    `-- Countersign is running. Press Ctrl-C to stop it. ${'-'.repeat(45)}`,
    ...(login ? [`Playground  ${address}/playground`] : []),
    ...(console ? [`Console     ${console}`] : []),
    `API page    ${address}/docs`,
    ...(login ? ['To sign Ada in from another terminal, run this line. It works for a day.', login] : []),
    ...(command === 'npm start'
      ? ['Next        docs/quick-start.md shows how to put a login on your phone in 15 minutes']
      : []),
    `-- Data: ${dataFolder}   Log: ${settings.file('service.log')} ${'-'.repeat(12)}`,
  ];
  say(lines.join('\n'));
}

function isUsed(feature: FeatureName): boolean {
  return featuresIn(process.env).some(({ name }) => name === feature);
}

/** A sign-in without a secret is for development, where only this machine can reach the console and its port. */
function isForDeveloperHere(host: string): boolean {
  return process.env['NODE_ENV'] === 'development' && LOOPBACK.includes(host);
}

function keepOperator(file: string, principal: string): void {
  const url = urlOf(process.env['ADMIN_HOST'] || '127.0.0.1', Number(process.env['ADMIN_PORT'] || 3002));
  writePrivately(file, JSON.stringify({ url, principal }));
}

function completeEnvironment(settings: Settings, demo: Demo | null): void {
  process.env['NODE_ENV'] ||= 'development';
  process.env['HOST'] = settings.host;
  process.env['PORT'] = String(settings.port);
  process.env['GATEWAY_PORT'] = String(settings.gatewayPort);
  if (process.env['NODE_ENV'] === 'development') {
    process.env['CONSOLE_URL'] ||= `http://127.0.0.1:${process.env['ADMIN_PORT'] || 3002}`;
    // A developer may run receivers beside the service.
    const targets = [process.env['WEBHOOK_ALLOWED_TARGETS'], 'localhost', '127.0.0.0/8', '::1'];
    process.env['WEBHOOK_ALLOWED_TARGETS'] = targets.filter(Boolean).join(',');
    // On a busy machine, a log-in to PostgreSQL takes seconds.
    process.env['PATIENCE'] ||= '10';
  }
  if (demo) process.env['DEMO_TELEGRAM_KEY'] = demo.variableBeside(process.env['DEMO_TELEGRAM_KEY']);
  if (settings.hasKeys) return;
  keepOnce(settings.file('keys.json'), () => JSON.stringify(generateKeyRing()));
  process.env['KEYS_FILE'] = settings.file('keys.json');
}

function withoutCustody(error: unknown): null {
  say(`The custody process could not be started: ${(error as Error).message}`);
  return null;
}

/**
 * Moves the variables of custody out of this process. It makes what is missing: a role in the private database, a key
 * ring, and rules for development. Null if custody has no database.
 */
async function custodyEnvironment(
  settings: Settings,
  consentBot: Demo['consentBot'] | null,
): Promise<Readonly<Record<string, string>> | null> {
  if (!isUsed('embedded-wallets')) return null;
  const variables: Record<string, string> = {};
  for (const name of CUSTODY_VARIABLES) {
    const value = process.env[name];
    // An empty variable counts as unset.
    if (value !== undefined) process.env[name] = '';
    if (value) variables[name] = value;
  }
  if (process.platform === 'win32') throw new Error('it needs Unix sockets, which Windows does not have');
  if (!variables['CUSTODY_DATABASE_URL'] && !variables['CUSTODY_DATABASE_URL_FILE']) {
    if (settings.hasDatabase) return null;
    const url = await makeCustodyRole(process.env['DATABASE_URL'] ?? '');
    // The schema of custody is in the database of the API.
    variables['CUSTODY_DATABASE_URL'] = variables['CUSTODY_API_DATABASE_URL'] = url;
  }
  if (!variables['CUSTODY_KEYS'] && !variables['CUSTODY_KEYS_FILE']) {
    keepOnce(settings.file('custody-keys.json'), () => JSON.stringify(generateKeyRing()));
    variables['CUSTODY_KEYS_FILE'] = settings.file('custody-keys.json');
  }
  if (!variables['CUSTODY_RULES']) {
    const bot = consentBot && { id: consentBot.id, publicKey: consentBot.publicKey };
    const rules = (variables['CUSTODY_RULES'] = settings.file('custody-rules.json'));
    writeFileSync(rules, developmentRules(process.env, settings, bot));
    chmodSync(rules, 0o600);
  }
  variables['CUSTODY_COPY'] ??= settings.file('custody-copy');
  const { LOG_LEVEL, PATIENCE } = process.env;
  return { ...variables, LOG_LEVEL: LOG_LEVEL || 'info', ...(PATIENCE && { PATIENCE }) };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
