import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gateway, Upstreams } from './nginx';
import { freePort, readableFolder, startServer } from './program';

const CADDY_FILE = 'deploy/caddy/Caddyfile';

/** The file that is shipped, with other ports and nothing else. */
export async function startCaddy(upstreams: Upstreams): Promise<Gateway> {
  const [folder, port] = [await readableFolder(), await freePort()];
  const file = join(folder.path, 'Caddyfile');
  const shipped = await readFile(join(__dirname, '../../..', CADDY_FILE), 'utf8');
  const text = Object.entries({
    ':80 {': `:${port} {\n\tbind 127.0.0.1`,
    '127.0.0.1:3001': `127.0.0.1:${upstreams.check}`,
    '127.0.0.1:3000': `127.0.0.1:${upstreams.public}`,
    '127.0.0.1:8080': `127.0.0.1:${upstreams.orders}`,
    '\tauto_https off\n': '\tauto_https off\n\tadmin off\n',
  }).reduce((changed, [from, to]) => changed.replaceAll(from, to), shipped);
  await writeFile(file, text);
  // Its folders of data and configuration are those of the test.
  const server = await startServer(
    'env',
    [`HOME=${folder.path}`, 'caddy', 'run', '--adapter', 'caddyfile', '--config', file],
    port,
  );
  return {
    port,
    stop: () => server.stop().then(folder.remove),
  };
}
