import { isDeepStrictEqual } from 'node:util';
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
    '--settings-stdin': 'read the merge patch from standard input; it replaces lists',
    '--add <setting=value>': repeated('add to a list, such as origins=https://game.example.com'),
    ...forSystems,
  }).act(async (call, app, { applications }) => {
    const applicationId = applicationOf(call);
    const records = app.get(applications.ApplicationRecords);
    const before = await records.get(applicationId);
    const change = await changeOf(call, before.effectiveSettings);
    const changed = await records.change(applicationId, change, ({ updatedAt }) => {
      if (updatedAt.getTime() !== before.updatedAt.getTime())
        throw new UsageError('The application was changed at the same time: run the command again.');
    });
    const { name, effectiveSettings: settings, made } = changed;
    const isNamed = change.name !== undefined;
    const changes = changesOf(before.effectiveSettings, settings);
    const text = [
      ...(isNamed ? [`Application ${applicationId} is named ${name}`] : []),
      ...(changes.length === 0 && !isNamed ? ['No setting changed'] : changes),
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

async function changeOf(
  call: Call,
  settings: object,
): Promise<ApplicationChange & { presets: readonly PresetName[] }> {
  const name = call.optional('name');
  const [hasSettings, names, added] = [call.has('settings-stdin'), presetsOf(call), call.all('add')];
  if (hasSettings && added.length > 0) throw new UsageError('Pass --settings-stdin or --add.');
  if (name === undefined && !hasSettings && names.length === 0 && added.length === 0)
    throw new UsageError('Pass --settings-stdin and a JSON merge patch, --add, --for, or --name.');
  return {
    name,
    presets: names,
    ...(hasSettings ? { settings: parseJson(await call.terminal.readInput()) } : {}),
    ...(added.length > 0 ? { settings: withAdded(settings, added) } : {}),
  };
}

/** A merge patch that has the lists with what is added to them. */
function withAdded(settings: object, added: readonly string[]): object {
  const lists: Record<string, unknown[]> = {};
  for (const pair of added) {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(pair) ?? [];
    const list = lists[name] ?? (Object.entries(settings).find(([each]) => each === name)?.[1] as unknown);
    if (!Array.isArray(list)) throw new UsageError(`--add ${pair}: ${name || 'it'} is no list of texts.`);
    lists[name] = [...new Set([...(list as unknown[]), value])];
  }
  return lists;
}

/** A line for each setting that differs; of lists, what came and what went. */
function changesOf(before: unknown, after: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const only = (of: readonly unknown[], other: readonly unknown[]): readonly unknown[] =>
      of.filter((each) => !other.some((one) => isDeepStrictEqual(one, each)));
    const [came, went] = [only(after, before), only(before, after)];
    return [
      ...came.map((each) => `${path}: added ${JSON.stringify(each)}`),
      ...went.map((each) => `${path}: removed ${JSON.stringify(each)}`),
    ];
  }
  if (isObject(before) && isObject(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      changesOf(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  const shown = (value: unknown): string => (value === undefined ? 'default' : JSON.stringify(value));
  return [`${path}: ${shown(after)} (was ${shown(before)})`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}
