import type { IssuedSecretResponse, PrincipalResponse } from '@countersign/admin';
import { ifGiven, instant, uuidArgument, uuidOption, type Call } from '../call';
import { act, given, group, list, needed, oneOf, readUpTo, repeated, show, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { limit, secret as secretOption } from '../options';
import type { Cells } from '../output';
import { principalKinds, principalStatuses } from '../words';

const one: Takes = { '<principalId>': 'the principal' };
const scope: Takes = {
  '--scope <scope>': repeated('what it may do, such as users:read (docs/administration.md)'),
};
const fields: Cells<PrincipalResponse> = {
  principal: 'principalId',
  name: 'name',
  kind: 'kind',
  status: 'status',
  scopes: ({ scopes }) => scopes.join(' '),
  keys: ({ keys }) => String(keys.length),
  'made by': ({ createdBy }) => createdBy ?? 'unknown',
  created: 'createdAt',
  changed: 'updatedAt',
};

export const principal = group('principal', 'people and machines that call the administration API', {
  create: act('make a principal; its first secret is shown once', {
    takes: {
      '--name <name>': needed('a name for operators, unique'),
      '--kind <kind>': oneOf(principalKinds, 'whether it is a person', { default: 'person' }),
      ...scope,
      '--all-scopes': 'let it do everything',
    },
    run: async (call, app, { admin, http }) => {
      if (call.has('scope') === call.has('all-scopes')) throw new UsageError('Pass --scope or --all-scopes.');
      const wanted = http.readInput(admin.CreatePrincipalRequest, {
        name: call.required('name'),
        kind: call.required('kind'),
        scopes: call.has('all-scopes') ? [...admin.allScopes] : [...call.all('scope')],
      });
      const { principal: made, secret } = await app.get(admin.PrincipalsService).create(wanted, null);
      const issued = secret && admin.IssuedSecretResponse.of(secret);
      const lines = [`Principal ${made.id}`, ...(issued ? [secretLine(issued)] : [])];
      return { json: { ...admin.PrincipalResponse.of(made), ...issued }, text: lines.join('\n') };
    },
  }),
  list: list('list principals, newest first', {
    takes: limit,
    read: async (call, app, { admin }) => {
      const found = await readUpTo(call, (keyset) => app.get(admin.PrincipalsService).list(keyset), 'id');
      return found.map((row) => admin.PrincipalResponse.of(row));
    },
    columns: {
      principal: 'principalId',
      kind: 'kind',
      status: 'status',
      created: 'createdAt',
      scopes: ({ scopes }) => String(scopes.length),
      name: 'name',
    },
  }),
  show: show('show a principal', {
    takes: one,
    get: async (call, app, { admin }) =>
      admin.PrincipalResponse.of(await app.get(admin.PrincipalsService).get(idOf(call))),
    fields,
  }),
  set: show('change a principal; the scopes that are passed replace those that it has', {
    takes: {
      ...one,
      ...scope,
      '--name <name>': 'a name for operators, unique',
      '--status <status>': oneOf(principalStatuses, 'a disabled one gets no tokens'),
    },
    get: async (call, app, { admin, http }) => {
      const wanted = given({
        name: call.optional('name'),
        status: call.optional('status'),
        scopes: call.has('scope') ? [...call.all('scope')] : undefined,
      });
      if (Object.keys(wanted).length === 0) throw new UsageError('Pass --name, --status or --scope.');
      const change = http.readInput(admin.ChangePrincipalRequest, wanted);
      const changed = await app.get(admin.PrincipalsService).update(idOf(call), change, null);
      return admin.PrincipalResponse.of(changed);
    },
    fields,
  }),
  remove: act('remove a principal, with its secrets and tokens', {
    takes: one,
    run: async (call, app, { admin }) => {
      const principalId = idOf(call);
      await app.get(admin.PrincipalsService).remove(principalId, null);
      return { json: { principalId }, text: `Principal ${principalId} is removed` };
    },
  }),
  'add-secret': act('add a secret; it is shown once', {
    takes: {
      ...one,
      '--name <name>': needed('what it is for'),
      '--expires <instant>': 'when it expires; never when this is absent',
      '--one-time': 'its first use removes it',
    },
    run: async (call, app, { admin, http }) => {
      const expiresAt = ifGiven(call, 'expires', instant)?.toISOString();
      const wanted = http.readInput(admin.AddPrincipalSecretRequest, {
        name: call.required('name'),
        isOneTime: call.has('one-time'),
        ...given({ expiresAt }),
      });
      const added = await app.get(admin.PrincipalsService).addSecret(idOf(call), wanted.toNewSecret(), null);
      const issued = admin.IssuedSecretResponse.of(added);
      return { json: issued, text: `Secret ${issued.secretId}\n${secretLine(issued)}` };
    },
  }),
  'list-secrets': list('list the secrets of a principal, by id and name', {
    takes: one,
    read: async (call, app, { admin }) =>
      (await app.get(admin.PrincipalsService).listSecrets(idOf(call))).map((secret) =>
        admin.PrincipalSecretResponse.of(secret),
      ),
    columns: {
      secret: 'secretId',
      added: 'createdAt',
      expires: ({ expiresAt }) => expiresAt ?? 'never',
      'last used': ({ lastUsedAt }) => lastUsedAt ?? 'never',
      name: 'name',
    },
  }),
  'remove-secret': act('remove a secret, with the tokens that it was used for', {
    takes: { ...one, ...secretOption },
    run: async (call, app, { admin }) => {
      const secretId = uuidOption(call, 'secret');
      await app.get(admin.PrincipalsService).removeSecret(idOf(call), secretId, null);
      return { json: { secretId }, text: `Secret ${secretId} is removed` };
    },
  }),
});

function idOf(call: Call): string {
  return uuidArgument(call, 'principalId');
}

function secretLine({ clientSecret, isOneTime, expiresAt }: IssuedSecretResponse): string {
  const limits = [isOneTime ? 'for one use' : '', expiresAt === null ? '' : `until ${expiresAt}`];
  return `Client secret ${clientSecret} (${['shown once', ...limits].filter(Boolean).join(', ')})`;
}
