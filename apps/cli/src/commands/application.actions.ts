import { ApplicationsService, ClientSecrets } from '@countersign/applications';
import { choose, uuid, type Call, type Connected } from '../command';
import { UsageError } from '../usage';
import { trusts } from '../words';

export const create: Connected = async (call, app) => {
  const created = await app.get(ApplicationsService).create({
    name: call.required('name'),
    trust: choose('trust', call.required('trust'), trusts),
    origins: call.all('origin'),
  });
  const text = `Application ${created.applicationId}\nClient secret ${created.clientSecret} (shown once)`;
  return { json: created, text };
};

export const set: Connected = async (call, app, terminal) => {
  const applicationId = applicationOf(call);
  if (!call.has('settings-stdin')) throw new UsageError('Pass --settings-stdin and a JSON merge patch.');
  const patch = parseJson(await terminal.readInput());
  const settings = await app.get(ApplicationsService).changeSettings(applicationId, patch);
  return { json: { applicationId, settings }, text: JSON.stringify(settings, null, 2) };
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
  return uuid('application', call.positionals[0] ?? call.required('application'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}
