import { RapidpaceSecrets } from '@countersign/applications';
import { uuid, type Connected } from '../command';
import { UsageError } from '../usage';

export const addSecret: Connected = async (call, app, terminal) => {
  const applicationId = uuid('application', call.required('application'));
  if (!call.has('secret-stdin'))
    throw new UsageError('Pass --secret-stdin and the secret on standard input.');
  const secret = (await terminal.readInput()).trim();
  const added = await app.get(RapidpaceSecrets).add(applicationId, secret);
  return { json: added, text: `Secret ${added.secretId}` };
};

export const listSecrets: Connected = async (call, app) => {
  const applicationId = uuid('application', call.required('application'));
  const secrets = await app.get(RapidpaceSecrets).list(applicationId);
  const lines = secrets.map(({ secretId, createdAt }) => `${secretId}  ${createdAt.toISOString()}`);
  return { json: { applicationId, secrets }, text: lines.join('\n') || 'No secret' };
};

export const removeSecret: Connected = async (call, app) => {
  const applicationId = uuid('application', call.required('application'));
  const secretId = uuid('secret', call.required('secret'));
  await app.get(RapidpaceSecrets).remove(applicationId, secretId);
  return { json: { secretId }, text: `Secret ${secretId} is removed` };
};
