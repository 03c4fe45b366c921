import type { ApplicationChange } from '@countersign/applications';
import { choose, chooseIfGiven, uuidArgument, uuidOption, type Call } from '../call';
import { command, group, needed, oneOf, readUpTo, repeated, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { limit, secret } from '../options';
import { trusts } from '../words';

const one: Takes = {
  '[applicationId]': 'the application',
  '--application <applicationId>': 'the application, instead of the argument',
};

export const application = group('application', 'applications that people sign in to', {
  create: command('make an application; its client secret is shown once', {
    '--name <name>': needed('name for people'),
    '--trust <trust>': oneOf(trusts, 'whether it belongs to the operator', { default: 'first-party' }),
    '--origin <origin>': repeated('web origin that may call, such as https://game.example.com'),
  }).act(async (call, app, { applications }) => {
    const { applicationId, clientSecret } = await app.get(applications.ApplicationsService).create({
      name: call.required('name'),
      trust: choose('trust', call.required('trust'), trusts),
      origins: call.all('origin'),
    });
    const text = `Application ${applicationId}\nClient secret ${clientSecret} (shown once)`;
    return { json: { applicationId, clientSecret }, text };
  }),
  list: command('list applications, newest first', {
    '--trust <trust>': oneOf(trusts, 'only those with this trust'),
    ...limit,
  }).list({
    read: async (call, app, { applications }) => {
      const records = app.get(applications.ApplicationRecords);
      const filter = { trust: chooseIfGiven(call, 'trust', trusts) };
      const found = await readUpTo(call, (keyset) => records.list(filter, keyset), 'applicationId');
      return found;
    },
    columns: { application: 'applicationId', trust: 'trust', created: 'createdAt', name: 'name' },
  }),
  show: command('show an application with its settings', one).act(async (call, app, { applications }) => {
    const found = await app.get(applications.ApplicationRecords).get(applicationOf(call));
    const { applicationId, name, trust, createdAt, updatedAt, settings, effectiveSettings } = found;
    const lines = [
      `Application ${applicationId}: ${name}`,
      `Trust ${trust}, created ${createdAt.toISOString()}, changed ${updatedAt.toISOString()}`,
      `Set: ${Object.keys(settings).join(', ') || 'nothing'}`,
      JSON.stringify(effectiveSettings, null, 2),
    ];
    return { json: found, text: lines.join('\n') };
  }),
  set: command('change the name, or settings by a JSON merge patch (docs/settings.md)', {
    ...one,
    '--name <name>': 'another name for people',
    '--settings-stdin': 'read the merge patch from standard input',
  }).act(async (call, app, { applications }) => {
    const applicationId = applicationOf(call);
    const change = await changeOf(call);
    const changed = await app.get(applications.ApplicationRecords).change(applicationId, change);
    const { name, effectiveSettings: settings } = changed;
    const isNamed = change.name !== undefined;
    const text = [
      ...(isNamed ? [`Application ${applicationId} is named ${name}`] : []),
      ...(change.settings === undefined ? [] : [JSON.stringify(settings, null, 2)]),
    ];
    return { json: { applicationId, ...(isNamed ? { name } : {}), settings }, text: text.join('\n') };
  }),
  'add-secret': command('add a client secret; it is shown once', {
    ...one,
    '--name <name>': needed('what it is for'),
  }).act(async (call, app, { applications }) => {
    const json = await app.get(applications.ClientSecrets).add(applicationOf(call), call.required('name'));
    return { json, text: `Secret ${json.secretId}\nClient secret ${json.clientSecret} (shown once)` };
  }),
  'list-secrets': command('list the client secrets, by id and name', one).act(
    async (call, app, { applications }) => {
      const applicationId = applicationOf(call);
      const secrets = await app.get(applications.ClientSecrets).list(applicationId);
      const lines = secrets.map(
        ({ secretId, name, createdAt }) => `${secretId}  ${createdAt.toISOString()}  ${name}`,
      );
      return { json: { applicationId, secrets }, text: lines.join('\n') || 'No secret' };
    },
  ),
  'remove-secret': command('remove a client secret', { ...one, ...secret }).act(
    async (call, app, { applications }) => {
      const secretId = uuidOption(call, 'secret');
      await app.get(applications.ClientSecrets).remove(applicationOf(call), secretId);
      return { json: { secretId }, text: `Secret ${secretId} is removed` };
    },
  ),
});

function applicationOf(call: Call): string {
  return uuidArgument(call, 'applicationId', 'application');
}

async function changeOf(call: Call): Promise<ApplicationChange> {
  const name = call.optional('name');
  const hasSettings = call.has('settings-stdin');
  if (name === undefined && !hasSettings)
    throw new UsageError('Pass --settings-stdin and a JSON merge patch, or --name.');
  return { name, ...(hasSettings ? { settings: parseJson(await call.terminal.readInput()) } : {}) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}
