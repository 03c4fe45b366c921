import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { ErasureService, LedgerComparison } from '@countersign/account';
import { aBotToken } from '../factories';
import { RunningClock } from './fake-clock';
import { Countersign } from './run-countersign';
import { createTestDatabase, type TestDatabase } from './test-database';
import { TestApp } from './test-app';
import { TestWorker } from './test-worker';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';

const PLACE = { provider: 'telegram', environment: 'production' } as const;

/** The actor of commands without `--as`. */
export const systemOperator = `operator:${userInfo().username}`;

/** A record of what an operator did to the application. */
export function ofOperator(
  action: string,
  applicationId: string | null,
  { subject = null, details = {} }: Partial<AuditRecord> = {},
): AuditRecord {
  return { action, actor: systemOperator, subject, applicationId, details };
}

/** A command about a bot of the application that was added for it. */
function aboutABot(
  action: string,
  words: string,
  details: Readonly<Record<string, string>> = {},
  input: (botId: string) => string = () => '',
): Way {
  return async ({ app, countersign, cli }) => {
    const { applicationId, botId } = await app.createApplication();
    return cli(async () => {
      await countersign.json(words.replace('<bot>', botId), input(botId));
      return [ofOperator(action, applicationId, { details: { ...PLACE, botId, ...details } })];
    });
  };
}

const aToken = (botId: string): string => `${botId}:${randomBytes(26).toString('base64url')}`;
const aSecret = (): string => randomBytes(24).toString('base64url');

async function addSecret(
  { countersign }: Stage,
  command: 'add-secret' | 'add-rapidpace-secret',
  applicationId: string,
): Promise<string> {
  const input = command === 'add-secret' ? '--name next' : '--secret-stdin';
  const words = `application ${command} ${applicationId} ${input}`;
  return (await countersign.json<{ secretId: string }>(words, aSecret())).secretId;
}

/** In a backup of a database that has erased an account since. */
async function afterRestore(
  perform: (answer: (word: string) => Promise<void>, restored: TestDatabase) => Promise<AuditRecord[]>,
): ReturnType<Way> {
  const [database, ledger] = [await createTestDatabase(), await createTestDatabase({ isEmpty: true })];
  const environment = { ERASURE_LEDGER: ledger.directUrl };
  const clock = new RunningClock();
  const app = await TestApp.start({ database, environment, clock });
  const { userId } = await app.signIn(await app.createApplication());
  const { keys } = app;
  await app.close();
  const restored = await database.copy();
  const before = await TestWorker.start({ database, keys, clock, environment });
  await before.nest.get(ErasureService).eraseFor(userId, 'ticket-7', true);
  await before.close();
  await database.drop();
  return {
    database: restored,
    clock,
    cleanUp: async () => {
      await restored.drop();
      await ledger.drop();
    },
    perform: async () => {
      const worker = await TestWorker.start({ database: restored, keys, clock, environment });
      await worker.nest.get(LedgerComparison).start();
      await worker.close();
      const countersign = new Countersign({ database: restored, keys }, environment);
      return perform(async (word) => {
        const { digest } = await countersign.json<{ digest: string }>('ledger list');
        await countersign.json(`ledger ${word} ${digest}`);
      }, restored);
    },
  };
}

/** What operators do to the installation, to applications and to their bots. */
export const waysOfOperators: Ways<
  | 'installation.changed'
  | 'installation.restored'
  | 'installation.separated'
  | 'application.created'
  | 'application.changed'
  | 'bot.added'
  | 'bot.changed'
  | 'bot.token_rotated'
  | 'bot.removed'
  | 'bot.allowed'
  | 'bot.disallowed'
  | 'rapidpace_secret.added'
  | 'rapidpace_secret.removed'
  | 'client_secret.added'
  | 'client_secret.removed'
> = {
  'installation.changed': {
    'to the value that it had': async ({ countersign, cli }) =>
      Promise.resolve(
        cli(async () => {
          await countersign.json('installation set --username-lookup off');
          const details = { usernameLookup: 'false' };
          return [ofOperator('installation.changed', null, { details })];
        }),
      ),
  },
  'installation.restored': {
    'for a database that has an erased account': async () =>
      afterRestore(async (answer, restored) => {
        await answer('restored');
        const details = { erasedAccounts: '1', keptAccounts: '0', endedSessions: '0' };
        const [erased] = await restored.query<{ subject: string }>(
          "SELECT subject FROM audit_records WHERE action = 'user.erased'",
        );
        const subject = erased?.subject ?? '';
        const ofAccount = ofOperator('user.erased', null, { subject, details: { reason: 'restore' } });
        return [{ ...ofAccount, actor: 'system' }, ofOperator('installation.restored', null, { details })];
      }),
  },
  'installation.separated': {
    'for a copy of a database': async () =>
      afterRestore(async (answer) => {
        await answer('foreign');
        return [ofOperator('installation.separated', null, { details: { disownedErasures: '1' } })];
      }),
  },
  'application.created': {
    'with its first secret': async ({ countersign, cli }) =>
      cli(async () => {
        const { application } = await countersign.json<{ application: { applicationId: string } }>(
          'application create --name Shop --origin https://shop.example.com',
        );
        return [ofOperator('application.created', application.applicationId)];
      }),
  },
  'application.changed': {
    'in several settings, without their values': async ({ app, countersign, cli }) => {
      const { applicationId } = await app.createApplication();
      return cli(async () => {
        const settings = JSON.stringify({ audiences: ['shop'], initDataMaxAge: 3_600 });
        await countersign.json(`application set ${applicationId} --settings-stdin`, settings);
        const details = { settings: 'audiences initDataMaxAge' };
        return [ofOperator('application.changed', applicationId, { details })];
      });
    },
  },
  'bot.added': {
    'by its token': async ({ app, countersign, cli }) => {
      const { applicationId } = await app.createApplication();
      return cli(async () => {
        const words = `bot add --application ${applicationId} --username shop_bot --token-stdin`;
        const { botId } = await countersign.json<{ botId: string }>(words, aBotToken());
        return [ofOperator('bot.added', applicationId, { details: { ...PLACE, botId } })];
      });
    },
  },
  'bot.changed': {
    'in its OpenID Connect secret': aboutABot(
      'bot.changed',
      'bot set <bot> --oidc-client-secret-stdin',
      { oidcClientSecret: 'replaced' },
      aSecret,
    ),
  },
  'bot.token_rotated': {
    'with an overlap': aboutABot(
      'bot.token_rotated',
      'bot rotate <bot> --token-stdin --overlap-until 2100-01-01T00:00:00Z',
      { overlapUntil: '2100-01-01T00:00:00.000Z' },
      aToken,
    ),
  },
  'bot.removed': { 'of Telegram': aboutABot('bot.removed', 'bot remove <bot>') },
  'bot.allowed': {
    'for another application': async ({ countersign, demo: { botId }, casino: { applicationId }, cli }) =>
      cli(async () => {
        await countersign.json(`bot allow ${applicationId} --bot-id ${botId}`);
        return [ofOperator('bot.allowed', applicationId, { details: { ...PLACE, botId } })];
      }),
  },
  'bot.disallowed': {
    'for another application': async ({ app, countersign, casino: { applicationId }, cli }) => {
      const { botId } = await app.createApplication();
      await countersign.json(`bot allow ${applicationId} --bot-id ${botId}`);
      return cli(async () => {
        await countersign.json(`bot disallow ${applicationId} telegram production ${botId}`);
        return [ofOperator('bot.disallowed', applicationId, { details: { ...PLACE, botId } })];
      });
    },
  },
  'rapidpace_secret.added': {
    'beside another': async (stage) => {
      const { applicationId } = stage.casino;
      return stage.cli(async () => {
        const subject = await addSecret(stage, 'add-rapidpace-secret', applicationId);
        return [ofOperator('rapidpace_secret.added', applicationId, { subject })];
      });
    },
  },
  'rapidpace_secret.removed': {
    'beside another': async (stage) => {
      const { applicationId } = stage.casino;
      const subject = await addSecret(stage, 'add-rapidpace-secret', applicationId);
      return stage.cli(async () => {
        await stage.countersign.json(`application remove-rapidpace-secret ${applicationId} ${subject}`);
        return [ofOperator('rapidpace_secret.removed', applicationId, { subject })];
      });
    },
  },
  'client_secret.added': {
    'beside another': async (stage) => {
      const { applicationId } = await stage.app.createApplication();
      return stage.cli(async () => {
        const subject = await addSecret(stage, 'add-secret', applicationId);
        return [ofOperator('client_secret.added', applicationId, { subject })];
      });
    },
  },
  'client_secret.removed': {
    'beside another': async (stage) => {
      const { applicationId } = await stage.app.createApplication();
      const subject = await addSecret(stage, 'add-secret', applicationId);
      return stage.cli(async () => {
        await stage.countersign.json(`application remove-secret ${applicationId} ${subject}`);
        return [ofOperator('client_secret.removed', applicationId, { subject })];
      });
    },
  },
};
