import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recipeFor } from '../../support/recipes';
import { readableFolder, startServer, type Server } from './program';

/** A relying party: Apache with mod_auth_openidc, as Debian has them. */
export interface RelyingParty extends Server {
  readonly url: string;
}

interface Wanted {
  readonly port: number;
  /** The address of the product behind Apache. */
  readonly product: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const MODULES = '/usr/lib/apache2/modules';
const modules = 'mpm_event authn_core authz_core authz_user auth_openidc headers proxy proxy_http'.split(' ');

/** Set up by what docs/openid.md says, and no more. */
export async function startApache({
  port,
  product,
  issuer,
  clientId,
  clientSecret,
}: Wanted): Promise<RelyingParty> {
  const folder = await readableFolder();
  const url = `http://127.0.0.1:${port}`;
  const file = join(folder.path, 'apache.conf');
  const recipe = await recipeFor('apache', {
    'https://id.example.com': issuer,
    'https://wiki.example.com': url,
    'http://127.0.0.1:8080': product,
    '<clientId>': clientId,
    '<clientSecret>': clientSecret,
    '<a secret of your own>': 'for-a-test-of-this-machine',
  });
  await writeFile(
    file,
    `ServerRoot ${folder.path}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder.path}/pid
DefaultRuntimeDir ${folder.path}
Mutex posixsem
ErrorLog ${folder.path}/error.log
${modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${recipe}`,
  );
  const server = await startServer('apache2', ['-X', '-f', file], port);
  return {
    url,
    stop: () => server.stop().then(folder.remove),
  };
}
