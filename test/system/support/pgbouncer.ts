import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, isRoot, readableFolder, startServer, type Server } from './program';

export interface Pooler extends Server {
  /** The same database, by way of the pooler. */
  urlOf(directUrl: string): string;
}

/** pgbouncer in transaction mode, with so few connections that callers have to share them. */
export async function startPooler(directUrl: string, connections: number): Promise<Pooler> {
  const target = new URL(directUrl);
  const [folder, port] = [await readableFolder(), await freePort()];
  const configuration = join(folder.path, 'pgbouncer.ini');
  await writeFile(
    configuration,
    `[databases]
* = host=${target.hostname} port=${target.port} user=${target.username} password=${target.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
server_login_retry = 1
max_client_conn = 200
`,
    { mode: 0o644 },
  );
  const server = await startServer(
    'pgbouncer',
    [...(isRoot ? ['--user', 'nobody'] : []), configuration],
    port,
  );
  return {
    urlOf: (url) => Object.assign(new URL(url), { port: String(port) }).href,
    stop: () => server.stop().then(folder.remove),
  };
}
