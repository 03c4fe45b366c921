import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readableFolder, startServer, type Server } from './program';

/** A relying party: Apache with mod_auth_openidc, as Debian has them. */
export interface RelyingParty extends Server {
  readonly url: string;
}

interface Wanted {
  readonly port: number;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const MODULES = '/usr/lib/apache2/modules';
const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'auth_openidc', 'headers'];

/** The configuration of docs/openid.md, with what stands for an installation replaced. */
async function recipeFor(values: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(join(__dirname, '../../../docs/openid.md'), 'utf8');
  const [, recipe = ''] = /```apache\n(.*?)```/s.exec(text) ?? [];
  return Object.entries(values).reduce((all, [name, value]) => all.replaceAll(name, value), recipe);
}

/** Set up by what docs/openid.md says, and no more. */
export async function startApache({ port, issuer, clientId, clientSecret }: Wanted): Promise<RelyingParty> {
  const folder = await readableFolder();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(folder.path, 'pages/private'), { recursive: true });
  await writeFile(
    join(folder.path, 'pages/private/index.html'),
    '<!doctype html><title>Private</title><h1>Private</h1>',
  );
  // Browsers store a page for a part of its age, unless its server forbids it.
  await utimes(join(folder.path, 'pages/private/index.html'), 1e9, 1e9);
  const file = join(folder.path, 'apache.conf');
  const recipe = await recipeFor({
    'https://id.example.com': issuer,
    'https://wiki.example.com': url,
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
DocumentRoot ${folder.path}/pages
DirectoryIndex index.html
${recipe}`,
  );
  const server = await startServer('apache2', ['-X', '-f', file], port);
  return {
    url,
    stop: () => server.stop().then(folder.remove),
  };
}
