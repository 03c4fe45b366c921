import { ApplicationsService, trusts } from '@countersign/applications';
import { choose, uuid, type Command } from '../command';
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
        const applicationId = uuid('application', call.positionals[0] ?? call.required('application'));
        if (!call.has('settings-stdin'))
          throw new UsageError('Pass --settings-stdin and a JSON merge patch.');
        const settings = await app
          .get(ApplicationsService)
          .changeSettings(applicationId, parseJson(await terminal.readInput()));
        return { json: { applicationId, settings }, text: JSON.stringify(settings, null, 2) };
      },
    },
  },
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}
