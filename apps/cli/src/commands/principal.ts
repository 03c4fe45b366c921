import { command, needed, repeated, type GroupDeclaration } from '../declaration';
import { UsageError } from '../errors';

export const principal: GroupDeclaration = {
  name: 'principal',
  description: 'principals that call the administration API',
  commands: {
    create: command('make a principal on the database; its first secret is shown once', {
      '--name <name>': needed('a name for operators, unique'),
      '--scope <scope>': repeated('what it may do, such as users:read (docs/administration.md)'),
      '--all-scopes': 'let it do everything',
    }).act(async (call, app, libs) => {
      if (call.has('scope') === call.has('all-scopes')) throw new UsageError('Pass --scope or --all-scopes.');
      const wanted = libs.readInput(libs.CreatePrincipalRequest, {
        name: call.required('name'),
        scopes: call.has('all-scopes') ? [...libs.scopesInUse.names] : [...call.all('scope')],
      });
      const { principal: made, secret } = await app.get(libs.PrincipalsService).create(wanted, null);
      const issued = libs.toResponse(libs.IssuedSecretResponse, secret);
      const { clientSecret, expiresAt } = issued;
      return {
        json: { ...libs.PrincipalResponse.of(made), ...issued },
        text: [
          `Principal ${made.id}`,
          `Client secret ${clientSecret} (shown once, until ${expiresAt})`,
          `For other commands: COUNTERSIGN_PRINCIPAL_FILE names a file of mode 600 with ${made.id}:${clientSecret}`,
        ].join('\n'),
      };
    }),
  },
};
