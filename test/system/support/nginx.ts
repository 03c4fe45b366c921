import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, readableFolder, startServer, type Server } from './program';

const NGINX_FILE = 'deploy/nginx/nginx.conf';

/** Ports on this machine that the gateway leads to. */
export interface Upstreams {
  readonly check: number;
  readonly public: number;
  readonly orders: number;
}

export interface Gateway extends Server {
  readonly port: number;
}

/** Where nginx keeps bodies that are too large for memory. The folders of the package belong to somebody else. */
export const FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((name) => `${name}_temp_path ${name};`)
  .join(' ');

/** The file that is shipped, with other ports and folders and nothing else. */
export async function startNginx(upstreams: Upstreams): Promise<Gateway> {
  const [folder, port] = [await readableFolder(), await freePort()];
  const file = join(folder.path, 'nginx.conf');
  const shipped = await readFile(join(__dirname, '../../..', NGINX_FILE), 'utf8');
  await writeFile(
    file,
    Object.entries({
      'listen 80': `listen 127.0.0.1:${port}`,
      'server 127.0.0.1:3001': `server 127.0.0.1:${upstreams.check}`,
      'server 127.0.0.1:3000': `server 127.0.0.1:${upstreams.public}`,
      'server 127.0.0.1:8080': `server 127.0.0.1:${upstreams.orders}`,
      '\nhttp {\n': `\nhttp {\n${FOLDERS} access_log off;\n`,
    }).reduce((text, [from, to]) => replaced(text, from, to), shipped),
  );
  const server = await startServer(
    'nginx',
    [
      ...['-p', folder.path],
      ...['-c', file],
      // One process, so that none is left when it is ended.
      ...['-g', `daemon off; master_process off; pid ${join(folder.path, 'pid')}; error_log stderr;`],
    ],
    port,
  );
  return {
    port,
    stop: () => server.stop().then(folder.remove),
  };
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`${NGINX_FILE} has no "${from.trim()}"`);
  return text.replaceAll(from, to);
}
