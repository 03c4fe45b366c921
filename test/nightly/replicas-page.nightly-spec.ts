import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { patience } from '../runner/patience.cjs';
import { FOLDERS } from '../system/support/nginx';
import { freePort, readableFolder, run, startServer, type Server } from '../system/support/program';
import { ReplicaProcess } from '../system/support/replica-process';
import { useTestApp } from '../support/use-test-app';

const REPOSITORY = join(__dirname, '../..');
const LIMIT_MS = 300_000 * patience;

const app = useTestApp();

let folder: Awaited<ReturnType<typeof readableFolder>>;
const servers: Server[] = [];

beforeAll(async () => {
  folder = await readableFolder();
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  await folder.remove();
});

it(
  'the commands of docs/replicas.md get a certificate, lose no read in a rolling restart, and renew the certificate',
  async () => {
    const [acme, management, dns] = [await freePort(), await freePort(), await freePort()];
    const [http, https] = [await freePort(), await freePort()];
    await startPebble({ acme, management, dns, http });
    const options = [
      `--server https://127.0.0.1:${acme}/dir`,
      ...['config', 'work', 'logs'].map((name) => `--${name}-dir ${folder.path}/${name}`),
    ].join(' ');
    const certbot = (words: string): Promise<string> =>
      shell(`REQUESTS_CA_BUNDLE=${folder.path}/acme.pem ${words.replace(/certbot \w+/, `$& ${options}`)}`);

    await shell(`mkdir -m 755 ${folder.path}/www`);
    const debian = await startNginx(`server { listen 127.0.0.1:${http}; root ${folder.path}/www; }`, http);
    const asked = (await commands('apt-get update')).replace(/^apt-get .*\n/gm, '');
    await certbot(asked.replace('nginx -s reload', `touch ${folder.path}/reloaded`));
    await debian.stop();

    const [a, b] = [await aReplica(), await aReplica()];
    await shell(`cp ${REPOSITORY}/deploy/nginx/nginx.conf ${folder.path}`);
    await shell(`cd ${folder.path} && ${withAddresses(await commands('sed -i'), a, b)}`);
    await startGateway(http, https);
    const root = join(folder.path, 'root.pem');
    await writeFile(root, await shell(`curl -sS --insecure https://127.0.0.1:${management}/roots/0`));
    const ask = async (): Promise<string> =>
      shell(
        `curl -sS -o /dev/null -w '%{http_code}' --cacert ${root} --connect-to ::127.0.0.1:${https} ` +
          'https://id.example.com/.well-known/jwks.json',
      );

    const restart = await commands('systemctl restart');
    const codes = await whileDoing(ask, async () => {
      for (const { process, port } of [a, b]) {
        process.signal('SIGTERM');
        await process.ended;
        await process.start();
        await shell(restart.replace(/^systemctl .*\n/, '').replace('10.0.0.11:3000', `127.0.0.1:${port}`));
      }
    });

    expect([...codes]).toEqual(['200']);
    await shell(`rm ${folder.path}/reloaded`);
    await certbot('certbot renew --force-renewal --no-random-sleep-on-renew');
    expect(await shell(`ls ${folder.path}/reloaded ${folder.path}/config/archive/countersign`)).toContain(
      'fullchain2.pem',
    );
    for (const { process } of [a, b]) await process.kill();
  },
  LIMIT_MS,
);

/** @returns the different answers to the question, asked until the work is done */
async function whileDoing(ask: () => Promise<string>, work: () => Promise<void>): Promise<Set<string>> {
  const answers = new Set<string>();
  const signal = new AbortController();
  const asking = (async () => {
    while (!signal.signal.aborted) answers.add(await ask());
  })();
  try {
    await work();
  } finally {
    signal.abort();
    await asking;
  }
  return answers;
}

interface Replica {
  readonly process: ReplicaProcess;
  readonly port: number;
  readonly gatewayPort: number;
}

async function aReplica(): Promise<Replica> {
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const variables = { PORT: String(port), GATEWAY_PORT: String(gatewayPort) };
  const process = await ReplicaProcess.of(app, variables);
  await process.start();
  return { process, port, gatewayPort };
}

/** The block of the page that begins with these words. */
async function commands(words: string, language = 'sh'): Promise<string> {
  const page = await readFile(join(REPOSITORY, 'docs/replicas.md'), 'utf8');
  const blocks = [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))];
  const block = blocks.map(([, text = '']) => text).find((text) => text.startsWith(words));
  if (block === undefined) throw new Error(`docs/replicas.md has no block that begins with ${words}`);
  return block.replaceAll('/var/www/html', `${folder.path}/www`);
}

function withAddresses(text: string, a: Replica, b: Replica): string {
  return text
    .replaceAll('/etc/letsencrypt', `${folder.path}/config`)
    .replaceAll('10.0.0.11:3000', `127.0.0.1:${a.port}`)
    .replaceAll('10.0.0.11:3001', `127.0.0.1:${a.gatewayPort}`)
    .replaceAll('10.0.0.12:3000', `127.0.0.1:${b.port}`)
    .replaceAll('10.0.0.12:3001', `127.0.0.1:${b.gatewayPort}`);
}

/** The file after `sed`, with the server of port 80 before its last brace. */
async function startGateway(http: number, https: number): Promise<void> {
  const file = await readFile(join(folder.path, 'nginx.conf'), 'utf8');
  const [, inside = ''] = /\nhttp \{\n(.*)\}\s*$/s.exec(file) ?? [];
  const both = inside + (await commands('server {', 'nginx'));
  const moved = both
    .replaceAll('listen 443', `listen 127.0.0.1:${https}`)
    .replaceAll('listen 80', `listen 127.0.0.1:${http}`);
  servers.push(await startNginx(moved, https));
}

async function startNginx(inside: string, port: number): Promise<Server> {
  const file = join(folder.path, `nginx-${port}.conf`);
  await writeFile(file, `events {}\nhttp {\n${FOLDERS} access_log off;\n${inside}}\n`);
  const globals = `daemon off; master_process off; pid ${folder.path}/pid; error_log stderr;`;
  return startServer('nginx', ['-p', folder.path, '-c', file, '-g', globals], port);
}

/** Let's Encrypt's test server, and a name server that knows this machine only. */
async function startPebble(ports: {
  readonly acme: number;
  readonly management: number;
  readonly dns: number;
  readonly http: number;
}): Promise<void> {
  const [certificate, privateKey] = [join(folder.path, 'acme.pem'), join(folder.path, 'acme-key.pem')];
  await shell(
    `openssl req -x509 -newkey rsa:2048 -nodes -keyout ${privateKey} -out ${certificate} -days 2 -subj /CN=127.0.0.1 ` +
      '-addext subjectAltName=IP:127.0.0.1',
  );
  const pebble = {
    listenAddress: `127.0.0.1:${ports.acme}`,
    managementListenAddress: `127.0.0.1:${ports.management}`,
    httpPort: ports.http,
    tlsPort: await freePort(),
    ...{ certificate, privateKey },
  };
  const file = join(folder.path, 'pebble.json');
  await writeFile(file, JSON.stringify({ pebble }));
  const management = await freePort();
  const words = [`-dns01=127.0.0.1:${ports.dns}`, `-management=127.0.0.1:${management}`, '-defaultIPv6='];
  const off = ['-http01=', '-https01=', '-tlsalpn01='];
  servers.push(await startServer('pebble-challtestsrv', [...words, ...off], management));
  servers.push(
    await startServer('pebble', ['-config', file, '-dnsserver', `127.0.0.1:${ports.dns}`], ports.acme),
  );
}

async function shell(command: string): Promise<string> {
  return (await run('bash', ['-ec', command], LIMIT_MS)).stdout;
}
