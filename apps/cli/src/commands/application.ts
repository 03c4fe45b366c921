import type { ApplicationChange, PresetName } from '@countersign/applications';
import { choose, chooseIfGiven, uuidArgument, uuidOption, type Call } from '../call';
import { command, group, needed, oneOf, readUpTo, repeated, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { limit, secret } from '../options';
import { environments, presets, trusts } from '../words';

const forSystems: Takes = {
  '--for <system>': { ...repeated('the system whose clients it serves'), words: presets },
};
const one: Takes = {
  '[applicationId]': 'the application',
  '--application <applicationId>': 'the application, instead of the argument',
};

export const application = group('application', 'applications that people sign in to', {
  create: command('make an application; its client secret is shown once', {
    '--name <name>': needed('name for people'),
    '--trust <trust>': oneOf(trusts, 'whether it belongs to the operator', { default: 'first-party' }),
    '--origin <origin>': repeated('web origin that may call, such as https://game.example.com'),
    ...forSystems,
    '--bot <username>': 'username of its first bot, whose token is read from standard input',
    '--mini-app <name>': 'short name of the Mini App of the bot; without it links open its main Mini App',
    '--environment <environment>': oneOf(environments, 'environment of the bot', { default: 'production' }),
    '--rapidpace-secret': 'read the secret that Rapidpace signs with from standard input, after a token',
  }).act(async (call, app, { applications }) => {
    const names = presetsOf(call);
    const secrets = await secretsOf(call, names);
    const { applicationId, clientSecret, made } = await app.get(applications.ApplicationsService).create({
      name: call.required('name'),
      trust: choose('trust', call.required('trust'), trusts),
      origins: call.all('origin'),
      presets: names,
      ...secrets,
    });
    const text = [
      `Application ${applicationId}`,
      `Client secret ${clientSecret} (shown once)`,
      ...made,
      ...applications.linesOf(names),
    ];
    return { json: { applicationId, clientSecret }, text: text.join('\n') };
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
      ...applications.linesOf(effectiveSettings.presets),
    ];
    return { json: found, text: lines.join('\n') };
  }),
  set: command('change the name, or settings by a JSON merge patch (docs/settings.md)', {
    ...one,
    '--name <name>': 'another name for people',
    '--settings-stdin': 'read the merge patch from standard input',
    ...forSystems,
  }).act(async (call, app, { applications }) => {
    const applicationId = applicationOf(call);
    const change = await changeOf(call);
    const changed = await app.get(applications.ApplicationRecords).change(applicationId, change);
    const { name, effectiveSettings: settings, made } = changed;
    const isNamed = change.name !== undefined;
    const text = [
      ...(isNamed ? [`Application ${applicationId} is named ${name}`] : []),
      ...(change.settings === undefined ? [] : [JSON.stringify(settings, null, 2)]),
      ...made,
      ...applications.linesOf(change.presets),
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

function presetsOf(call: Call): readonly PresetName[] {
  return call.all('for').map((name) => choose('for', name, presets));
}

/** The first bot and the secret of Rapidpace, which standard input has in lines of their own. */
async function secretsOf(call: Call, names: readonly PresetName[]) {
  const [username, hasSecret] = [call.optional('bot'), call.has('rapidpace-secret')];
  if (username === undefined && !hasSecret) return {};
  const lines = (await call.terminal.readInput()).split('\n').map((line) => line.trim());
  const bot =
    username !== undefined &&
    ({
      provider: names.length > 0 && names.every((name) => name === 'openweb3') ? 'openweb3' : 'telegram',
      environment: choose('environment', call.required('environment'), environments),
      username,
      miniAppName: call.optional('mini-app') ?? null,
      token: lines.shift() ?? '',
    } as const);
  return { ...(bot && { bot }), ...(hasSecret && { rapidpaceSecret: lines[0] ?? '' }) };
}

async function changeOf(call: Call): Promise<ApplicationChange & { presets: readonly PresetName[] }> {
  const name = call.optional('name');
  const [hasSettings, names] = [call.has('settings-stdin'), presetsOf(call)];
  if (name === undefined && !hasSettings && names.length === 0)
    throw new UsageError('Pass --settings-stdin and a JSON merge patch, --for, or --name.');
  return {
    name,
    presets: names,
    ...(hasSettings ? { settings: parseJson(await call.terminal.readInput()) } : {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}
