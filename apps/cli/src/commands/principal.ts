import type { IssuedSecretResponse, PrincipalResponse } from '@countersign/admin';
import { ifGiven, instant, refuseWithout, uuidArgument, uuidOption, type Call } from '../call';
import { command, given, group, needed, oneOf, readUpTo, repeated, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { limit, secret as secretOption } from '../options';
import type { Cells } from '../output';
import { principalStatuses } from '../words';

const one: Takes = { '<principalId>': 'the principal' };
const scope: Takes = {
  '--scope <scope>': repeated('what it may do, such as users:read (docs/administration.md)'),
};
const fields: Cells<PrincipalResponse> = {
  principal: 'principalId',
  name: 'name',
  status: 'status',
  scopes: ({ scopes }) => scopes.join(' '),
  'made by': ({ createdBy }) => createdBy ?? 'unknown',
  created: 'createdAt',
  changed: 'updatedAt',
};

export const principal = group('principal', 'principals that call the administration API', {
  create: command('make a principal; its first secret is shown once', {
    '--name <name>': needed('a name for operators, unique'),
    ...scope,
    '--all-scopes': 'let it do everything',
  }).act(async (call, app, { admin, http }) => {
    if (call.has('scope') === call.has('all-scopes')) throw new UsageError('Pass --scope or --all-scopes.');
    const wanted = http.readInput(admin.CreatePrincipalRequest, {
      name: call.required('name'),
      scopes: call.has('all-scopes') ? [...admin.allScopes] : [...call.all('scope')],
    });
    const { principal: made, secret } = await app.get(admin.PrincipalsService).create(wanted, null);
    const issued = http.toResponse(admin.IssuedSecretResponse, secret);
    return {
      json: { ...admin.PrincipalResponse.of(made), ...issued },
      text: `Principal ${made.id}\n${secretLine(issued)}`,
    };
  }),
  list: command('list principals, newest first', limit).list({
    read: async (call, app, { admin }) => {
      const found = await readUpTo(call, (keyset) => app.get(admin.PrincipalsService).list(keyset), 'id');
      return found.map((row) => admin.PrincipalResponse.of(row));
    },
    columns: {
      principal: 'principalId',
      status: 'status',
      created: 'createdAt',
      scopes: ({ scopes }) => String(scopes.length),
      name: 'name',
    },
  }),
  show: command('show a principal', one).show(
    async (call, app, { admin }) =>
      admin.PrincipalResponse.of(await app.get(admin.PrincipalsService).get(idOf(call))),
    fields,
  ),
  set: command('change a principal; the scopes that are passed replace those that it has', {
    ...one,
    ...scope,
    '--name <name>': 'a name for operators, unique',
    '--status <status>': oneOf(principalStatuses, 'a disabled one gets no tokens'),
  }).show(async (call, app, { admin, http }) => {
    refuseWithout(call, ['name', 'status', 'scope']);
    const wanted = given({
      name: call.optional('name'),
      status: call.optional('status'),
      scopes: call.has('scope') ? [...call.all('scope')] : undefined,
    });
    const change = http.readInput(admin.ChangePrincipalRequest, wanted);
    const changed = await app.get(admin.PrincipalsService).update(idOf(call), change, null);
    return admin.PrincipalResponse.of(changed);
  }, fields),
  remove: command('remove a principal, with its secrets and tokens', one).act(
    async (call, app, { admin }) => {
      const principalId = idOf(call);
      await app.get(admin.PrincipalsService).remove(principalId, null);
      return { json: { principalId }, text: `Principal ${principalId} is removed` };
    },
  ),
  'add-secret': command('add a secret; it is shown once', {
    ...one,
    '--name <name>': needed('what it is for'),
    '--expires <instant>': 'when it expires, within a year; after 90 days when this is absent',
  }).act(async (call, app, { admin, http }) => {
    const expiresAt = ifGiven(call, 'expires', instant)?.toISOString();
    const wanted = http.readInput(admin.AddPrincipalSecretRequest, {
      name: call.required('name'),
      ...given({ expiresAt }),
    });
    const added = await app.get(admin.PrincipalsService).addSecret(idOf(call), wanted.toNewSecret(), null);
    const issued = http.toResponse(admin.IssuedSecretResponse, added);
    return { json: issued, text: `Secret ${issued.secretId}\n${secretLine(issued)}` };
  }),
  'list-secrets': command('list the secrets of a principal, by id and name', one).list({
    read: async (call, app, { admin }) =>
      (await app.get(admin.PrincipalsService).listSecrets(idOf(call))).map((secret) =>
        admin.PrincipalSecretResponse.of(secret),
      ),
    columns: {
      secret: 'secretId',
      added: 'createdAt',
      expires: 'expiresAt',
      'last used': ({ lastUsedAt }) => lastUsedAt ?? 'never',
      name: 'name',
    },
  }),
  'remove-secret': command('remove a secret, with the tokens that it was used for', {
    ...one,
    ...secretOption,
  }).act(async (call, app, { admin }) => {
    const secretId = uuidOption(call, 'secret');
    await app.get(admin.PrincipalsService).removeSecret(idOf(call), secretId, null);
    return { json: { secretId }, text: `Secret ${secretId} is removed` };
  }),
});

function idOf(call: Call): string {
  return uuidArgument(call, 'principalId');
}

function secretLine({ clientSecret, expiresAt }: IssuedSecretResponse): string {
  return `Client secret ${clientSecret} (shown once, until ${expiresAt})`;
}
