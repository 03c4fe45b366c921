import {
  AddPrincipalSecretRequest,
  allScopes,
  ChangePrincipalRequest,
  CreatePrincipalRequest,
  IssuedSecretResponse,
  PrincipalResponse,
  PrincipalSecretResponse,
  PrincipalsService,
  readUpTo,
} from '@countersign/admin';
import { readInput } from '@countersign/http';
import { ifGiven, uuid, uuidArgument, type Answer, type Call, type Connected } from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { fields, table } from '../list-output';
import { UsageError } from '../usage';

export const create: Connected = async (call, app) => {
  if (call.has('scope') === call.has('all-scopes')) throw new UsageError('Pass --scope or --all-scopes.');
  const wanted = readInput(CreatePrincipalRequest, {
    name: call.required('name'),
    kind: call.required('kind'),
    scopes: call.has('all-scopes') ? [...allScopes] : [...call.all('scope')],
  });
  const { principal, secret } = await app.get(PrincipalsService).create(wanted, null);
  const issued = secret && IssuedSecretResponse.of(secret);
  const lines = [`Principal ${principal.id}`, ...(issued ? [secretLine(issued)] : [])];
  return { json: { ...PrincipalResponse.of(principal), ...issued }, text: lines.join('\n') };
};

export const list: Connected = async (call, app) => {
  const principals = app.get(PrincipalsService);
  const found = await readUpTo(
    limitOf(call),
    (keyset) => principals.list(keyset),
    ({ id }) => id,
  );
  const json = found.map((one) => PrincipalResponse.of(one));
  const rows = json.map(({ principalId, kind, status, createdAt, scopes, name }) => [
    principalId,
    kind,
    status,
    createdAt,
    String(scopes.length),
    name,
  ]);
  return { json, text: table(['principal', 'kind', 'status', 'created', 'scopes', 'name'], rows) };
};

export const show: Connected = async (call, app) =>
  answerOf(PrincipalResponse.of(await app.get(PrincipalsService).get(idOf(call))));

export const set: Connected = async (call, app) => {
  const [name, status] = [call.optional('name'), call.optional('status')];
  const wanted = {
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status }),
    ...(call.has('scope') ? { scopes: [...call.all('scope')] } : {}),
  };
  if (Object.keys(wanted).length === 0) throw new UsageError('Pass --name, --status or --scope.');
  const change = readInput(ChangePrincipalRequest, wanted);
  return answerOf(PrincipalResponse.of(await app.get(PrincipalsService).update(idOf(call), change, null)));
};

export const remove: Connected = async (call, app) => {
  const principalId = idOf(call);
  await app.get(PrincipalsService).remove(principalId, null);
  return { json: { principalId }, text: `Principal ${principalId} is removed` };
};

export const addSecret: Connected = async (call, app) => {
  const expiresAt = ifGiven(call, 'expires', instant)?.toISOString();
  const wanted = readInput(AddPrincipalSecretRequest, {
    name: call.required('name'),
    isOneTime: call.has('one-time'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
  const secret = await app.get(PrincipalsService).addSecret(idOf(call), wanted.toNewSecret(), null);
  const issued = IssuedSecretResponse.of(secret);
  return { json: issued, text: `Secret ${issued.secretId}\n${secretLine(issued)}` };
};

export const listSecrets: Connected = async (call, app) => {
  const secrets = await app.get(PrincipalsService).listSecrets(idOf(call));
  const json = secrets.map((secret) => PrincipalSecretResponse.of(secret));
  const rows = json.map(({ secretId, createdAt, expiresAt, lastUsedAt, name }) => [
    secretId,
    createdAt,
    expiresAt ?? 'never',
    lastUsedAt ?? 'never',
    name,
  ]);
  return { json, text: table(['secret', 'added', 'expires', 'last used', 'name'], rows) };
};

export const removeSecret: Connected = async (call, app) => {
  const secretId = uuid('secret', call.required('secret'));
  await app.get(PrincipalsService).removeSecret(idOf(call), secretId, null);
  return { json: { secretId }, text: `Secret ${secretId} is removed` };
};

function idOf(call: Call): string {
  return uuidArgument(call, 'principalId');
}

function answerOf(principal: PrincipalResponse): Answer {
  const { principalId, name, kind, status, scopes, keys, createdBy, createdAt, updatedAt } = principal;
  const rows: [string, string][] = [
    ['principal', principalId],
    ['name', name],
    ['kind', kind],
    ['status', status],
    ['scopes', scopes.join(' ')],
    ['keys', String(keys.length)],
    ['made by', createdBy ?? 'unknown'],
    ['created', createdAt],
    ['changed', updatedAt],
  ];
  return { json: principal, text: fields(rows) };
}

function secretLine({ clientSecret, isOneTime, expiresAt }: IssuedSecretResponse): string {
  const limits = [isOneTime ? 'for one use' : '', expiresAt === null ? '' : `until ${expiresAt}`];
  return `Client secret ${clientSecret} (${['shown once', ...limits].filter(Boolean).join(', ')})`;
}
