import { command, group, needed, repeated } from '../declaration';
import { UsageError } from '../errors';

export const principal = group('principal', 'principals that call the administration API', {
  create: command('make a principal on the database; its first secret is shown once', {
    '--name <name>': needed('a name for operators, unique'),
    '--scope <scope>': repeated('what it may do, such as users:read (docs/administration.md)'),
    '--all-scopes': 'let it do everything',
  }).act(async (call, app, { admin, http }) => {
    if (call.has('scope') === call.has('all-scopes')) throw new UsageError('Pass --scope or --all-scopes.');
    const wanted = http.readInput(admin.CreatePrincipalRequest, {
      name: call.required('name'),
      scopes: call.has('all-scopes') ? [...admin.allScopes] : [...call.all('scope')],
    });
    const { principal: made, secret } = await app.get(admin.PrincipalsService).create(wanted, null);
    const issued = http.toResponse(admin.IssuedSecretResponse, secret);
    const { clientSecret, expiresAt } = issued;
    return {
      json: { ...admin.PrincipalResponse.of(made), ...issued },
      text: [
        `Principal ${made.id}`,
        `Client secret ${clientSecret} (shown once, until ${expiresAt})`,
        `For other commands: COUNTERSIGN_PRINCIPAL_FILE names a file of mode 600 with ${made.id}:${clientSecret}`,
      ].join('\n'),
    };
  }),
});
