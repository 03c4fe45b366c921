import { readUpTo } from '@countersign/admin';
import {
  ApplicationRecords,
  ApplicationsService,
  ClientSecrets,
  type ApplicationChange,
} from '@countersign/applications';
import {
  choose,
  chooseIfGiven,
  uuid,
  uuidArgument,
  type Call,
  type Connected,
  type Terminal,
} from '../command';
import { limitOf } from '../limit-option';
import { table } from '../list-output';
import { UsageError } from '../usage';
import { trusts } from '../words';

export const create: Connected = async (call, app) => {
  const { applicationId, clientSecret } = await app.get(ApplicationsService).create({
    name: call.required('name'),
    trust: choose('trust', call.required('trust'), trusts),
    origins: call.all('origin'),
  });
  const text = `Application ${applicationId}\nClient secret ${clientSecret} (shown once)`;
  return { json: { applicationId, clientSecret }, text };
};

export const list: Connected = async (call, app) => {
  const records = app.get(ApplicationRecords);
  const filter = { trust: chooseIfGiven(call, 'trust', trusts) };
  const found = await readUpTo(
    limitOf(call),
    (keyset) => records.list(filter, keyset),
    ({ applicationId }) => applicationId,
  );
  const rows = found.map((one) => [one.applicationId, one.trust, one.createdAt.toISOString(), one.name]);
  return { json: found, text: table(['application', 'trust', 'created', 'name'], rows) };
};

export const show: Connected = async (call, app) => {
  const application = await app.get(ApplicationRecords).get(applicationOf(call));
  const { applicationId, name, trust, createdAt, updatedAt, settings, effectiveSettings } = application;
  const lines = [
    `Application ${applicationId}: ${name}`,
    `Trust ${trust}, created ${createdAt.toISOString()}, changed ${updatedAt.toISOString()}`,
    `Set: ${Object.keys(settings).join(', ') || 'nothing'}`,
    JSON.stringify(effectiveSettings, null, 2),
  ];
  return { json: application, text: lines.join('\n') };
};

export const set: Connected = async (call, app, terminal) => {
  const applicationId = applicationOf(call);
  const change = await changeOf(call, terminal);
  const changed = await app.get(ApplicationRecords).change(applicationId, change);
  const { name, effectiveSettings: settings } = changed;
  const text = [
    ...(change.name === undefined ? [] : [`Application ${applicationId} is named ${name}`]),
    ...(change.settings === undefined ? [] : [JSON.stringify(settings, null, 2)]),
  ];
  return {
    json: { applicationId, ...(change.name === undefined ? {} : { name }), settings },
    text: text.join('\n'),
  };
};

export const addSecret: Connected = async (call, app) => {
  const added = await app.get(ClientSecrets).add(applicationOf(call), call.required('name'));
  const text = `Secret ${added.secretId}\nClient secret ${added.clientSecret} (shown once)`;
  return { json: added, text };
};

export const listSecrets: Connected = async (call, app) => {
  const applicationId = applicationOf(call);
  const secrets = await app.get(ClientSecrets).list(applicationId);
  const lines = secrets.map(
    ({ secretId, name, createdAt }) => `${secretId}  ${createdAt.toISOString()}  ${name}`,
  );
  return { json: { applicationId, secrets }, text: lines.join('\n') || 'No secret' };
};

export const removeSecret: Connected = async (call, app) => {
  const secretId = uuid('secret', call.required('secret'));
  await app.get(ClientSecrets).remove(applicationOf(call), secretId);
  return { json: { secretId }, text: `Secret ${secretId} is removed` };
};

function applicationOf(call: Call): string {
  return uuidArgument(call, 'applicationId', 'application');
}

async function changeOf(call: Call, terminal: Terminal): Promise<ApplicationChange> {
  const name = call.optional('name');
  const hasSettings = call.has('settings-stdin');
  if (name === undefined && !hasSettings)
    throw new UsageError('Pass --settings-stdin and a JSON merge patch, or --name.');
  return { name, ...(hasSettings ? { settings: parseJson(await terminal.readInput()) } : {}) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}
