import { ApplicationsService, ClientSecrets, trusts } from '@countersign/applications';
import { choose, uuid, type Call, type Command } from '../command';
import { UsageError } from '../usage';

export const applicationCommands: Record<string, Command> = {
  'application create': {
    options: {
      name: { type: 'string' },
      trust: { type: 'string' },
      origin: { type: 'string', multiple: true },
    },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const created = await app.get(ApplicationsService).create({
          name: call.required('name'),
          trust: choose('trust', call.optional('trust') ?? 'first-party', trusts),
          origins: call.all('origin'),
        });
        const text = `Application ${created.applicationId}\nClient secret ${created.clientSecret} (shown once)`;
        return { json: created, text };
      },
    },
  },
  'application set': {
    options: { application: { type: 'string' }, 'settings-stdin': { type: 'boolean' } },
    run: {
      kind: 'connected',
      execute: async (call, app, terminal) => {
        const applicationId = applicationOf(call);
        if (!call.has('settings-stdin'))
          throw new UsageError('Pass --settings-stdin and a JSON merge patch.');
        const settings = await app
          .get(ApplicationsService)
          .changeSettings(applicationId, parseJson(await terminal.readInput()));
        return { json: { applicationId, settings }, text: JSON.stringify(settings, null, 2) };
      },
    },
  },
  'application add-secret': {
    options: { application: { type: 'string' }, name: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const added = await app.get(ClientSecrets).add(applicationOf(call), call.required('name'));
        const text = `Secret ${added.secretId}\nClient secret ${added.clientSecret} (shown once)`;
        return { json: added, text };
      },
    },
  },
  'application list-secrets': {
    options: { application: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const applicationId = applicationOf(call);
        const secrets = await app.get(ClientSecrets).list(applicationId);
        const lines = secrets.map(
          ({ secretId, name, createdAt }) => `${secretId}  ${createdAt.toISOString()}  ${name}`,
        );
        return { json: { applicationId, secrets }, text: lines.join('\n') || 'No secret' };
      },
    },
  },
  'application remove-secret': {
    options: { application: { type: 'string' }, secret: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const secretId = uuid('secret', call.required('secret'));
        await app.get(ClientSecrets).remove(applicationOf(call), secretId);
        return { json: { secretId }, text: `Secret ${secretId} is removed` };
      },
    },
  },
};

function applicationOf(call: Call): string {
  return uuid('application', call.positionals[0] ?? call.required('application'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}
