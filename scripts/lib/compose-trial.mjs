import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { resolvedComposition } from './composition.mjs';
import { Containers } from './containers.mjs';
import { registerBot, signIn } from './image-trial.mjs';
import { main, say, Sentence } from './main.mjs';

/**
 * Starts docker-compose.yml without Docker: its resolved form, its secrets as deploy/compose-secrets.sh writes them, the images that were
 * built, and PostgreSQL and nginx of this machine in place of theirs. Signs in through the gateway, calls the example service, and looks
 * at what a process of each service could do. Started by image-compose.mjs, in namespaces of its own.
 *
 * Argument: a file with `scratch` and `images`.
 */

const SEARCH_PATH = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin';
/** Does what the image of PostgreSQL does on an empty volume. */
const POSTGRES = `
data=/var/lib/postgresql/data
initdb --pgdata=$data --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust --auth-host=scram-sha-256 >/dev/null
echo 'host all all all scram-sha-256' >> $data/pg_hba.conf
export PGHOST=/run/postgresql
pg_ctl --pgdata=$data --wait --silent --options="-c listen_addresses= -c unix_socket_directories=/run/postgresql" --log=/tmp/log start
sh /docker-entrypoint-initdb.d/create-role.sh >/dev/null
pg_ctl --pgdata=$data --wait --silent stop
exec postgres -D $data -c 'listen_addresses=*' -c unix_socket_directories=/run/postgresql`;
const ID_HOST = 'id.trial';
const API_HOST = 'api.trial';
/** Nodes that do not answer: readiness reports that. */
const CHAINS = {
  chains: [
    { chainId: 'eip155:1', rpcUrls: ['http://postgres:8545', 'http://ledger:8545'], mayNameAddresses: false },
  ],
};
const ORDER = ['postgres', 'ledger', 'migrate', 'custody', 'api', 'orders', 'gateway'];

await main(async () => {
  const { scratch, images } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const project = join(scratch, 'project');
  // docker-compose wants the folder of a build.
  mkdirSync(join(project, 'examples'), { recursive: true });
  for (const name of ['docker-compose.yml', 'deploy'])
    cpSync(inClone(name), join(project, name), { recursive: true });
  writeFileSync(join(project, 'chains.json'), JSON.stringify(CHAINS));
  makeSecrets(project, scratch, images.countersign);
  const composition = resolvedComposition(project, { ID_HOST, API_HOST, CHAINS_FILE: './chains.json' });
  const containers = new Containers(scratch, composition, imagesOf(images));
  const hosts = join(scratch, 'hosts');
  writeFileSync(
    hosts,
    `${containers.addressOf('gateway', 'public')} ${ID_HOST} ${API_HOST}\n127.0.0.1 localhost\n`,
  );
  spawnSync('mount', ['--bind', hosts, '/etc/hosts']);
  let codes;
  try {
    for (const service of ORDER) {
      if (service === 'migrate') {
        containers.finish(service);
        continue;
      }
      containers.start(service);
      await containers.untilHealthy(service);
      assertConfined(containers, service, composition);
    }
    assertNetworks(containers);
    assertDatabases(containers, project);
    await useGateway(containers);
  } finally {
    codes = await containers.stop();
  }
  for (const service of ['api', 'custody', 'orders'])
    if (codes[service] !== 0)
      throw new Sentence(`SIGTERM ends ${service} with ${codes[service]} instead of 0.`);
  say(
    'docker-compose.yml: all services started, a person signed in by the gateway and called the example service.',
  );
});

/** deploy/compose-secrets.sh, with a `docker` that runs the image here. */
function makeSecrets(project, scratch, { root, user, folder, environment }) {
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  const words = `exec chroot --userspec=${user}:${user} ${root} env -i ${environment.join(' ')} sh -c 'cd ${folder} && exec "$@"' sh "$@"\n`;
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\nshift 5\n${words}`, { mode: 0o755 });
  const { status, stderr } = spawnSync('sh', ['deploy/compose-secrets.sh'], {
    cwd: project,
    env: { PATH: `${bin}:${SEARCH_PATH}` },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Sentence(`deploy/compose-secrets.sh fails: ${stderr}`);
  chmodSync(scratch, 0o755);
}

function imagesOf({ countersign, orders }) {
  const ofMachine = { root: '/', environment: [`PATH=${SEARCH_PATH}`], folder: '/' };
  const postgres = { ...ofMachine, user: idOf('postgres'), command: ['sh', '-euc', POSTGRES] };
  return {
    postgres,
    ledger: postgres,
    migrate: countersign,
    api: countersign,
    custody: countersign,
    orders,
    gateway: { ...ofMachine, user: idOf('www-data') },
  };
}

function idOf(user) {
  return Number(spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout);
}

/** The service has no capability, writes only to what docker-compose.yml mounts, and has no secret of another service. */
function assertConfined(containers, service, { services }) {
  const status = containers.exec(service, [
    'sh',
    '-c',
    'while read -r line; do echo "$line"; done < /proc/self/status',
  ]).stdout;
  for (const [name, value] of [
    ['CapEff', '0000000000000000'],
    ['CapPrm', '0000000000000000'],
  ])
    if (new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] !== value)
      throw new Sentence(`${service} has capabilities: ${name}.`);
  for (const folder of ['/', '/etc', '/usr', '/run', '/run/secrets']) {
    const { status: code } = containers.exec(service, ['sh', '-c', `echo stray > ${folder}/stray`]);
    if (code === 0) throw new Sentence(`${service} may write to ${folder}.`);
  }
  const wanted = (services[service].secrets ?? []).map(({ source }) => source).toSorted();
  const words = ['sh', '-c', 'for file in /run/secrets/*; do [ ! -f "$file" ] || echo "${file##*/}"; done'];
  const found = containers.exec(service, words).stdout.trim().split('\n').filter(Boolean);
  if (found.join() !== wanted.join())
    throw new Sentence(`${service} has the secrets ${found.join()}, not ${wanted.join()}.`);
}

/** From custody and the databases only the network of the databases is reached; from the example service only that of the gateway. */
function assertNetworks(containers) {
  const address = {
    api: containers.addressOf('api', 'public'),
    postgres: containers.addressOf('postgres', 'database'),
  };
  const reaches = (service, host, port) =>
    containers.exec(service, [
      'node',
      '-e',
      `require('node:net').connect({ host: '${host}', port: ${port}, timeout: 2000 }).on('connect', () => process.exit(0)).on('error', () => process.exit(1)).on('timeout', () => process.exit(1))`,
    ]).status === 0;
  if (!reaches('api', address.postgres, 5432)) throw new Sentence('The API does not reach its database.');
  if (reaches('custody', address.api, 3000)) throw new Sentence('Custody reaches the public network.');
  if (reaches('orders', address.postgres, 5432))
    throw new Sentence('The example service reaches the database.');
}

/** The role of the API opens neither custody's database nor the ledger. */
function assertDatabases(containers, project) {
  const secret = (name) => readFileSync(join(project, 'secrets', name), 'utf8');
  const opens = (service, role, database, password) =>
    containers.exec(service, [
      'env',
      `PGPASSWORD=${password}`,
      'psql',
      '-h',
      '127.0.0.1',
      '-U',
      role,
      '-d',
      database,
      '-c',
      'SELECT 1',
    ]).status === 0;
  const password = secret('countersign-password');
  if (!opens('postgres', 'countersign', 'countersign', password))
    throw new Sentence('The role of the API has no database.');
  if (opens('postgres', 'countersign', 'custody', password))
    throw new Sentence('The role of the API opens the database of custody.');
  if (opens('postgres', 'custody', 'countersign', secret('custody-password')))
    throw new Sentence('The role of custody opens the database of the API.');
  if (opens('ledger', 'ledger', 'ledger', password))
    throw new Sentence('The password of the database opens the ledger.');
}

async function useGateway(containers) {
  const must = (words, input) => {
    const { status, stdout, stderr } = containers.exec('api', words, input);
    if (status !== 0) throw new Sentence(`"${words.join(' ')}" fails in the API: ${stdout}${stderr}`);
    return stdout;
  };
  const bot = registerBot(must);
  bot.countersign(['custody', 'status', '--json']);
  bot.countersign(
    ['application', 'set', bot.applicationId, '--settings-stdin'],
    JSON.stringify({ audiences: ['orders'] }),
  );
  const session = await signIn(`http://${ID_HOST}:8080`, bot);
  for (const [token, status] of [
    [session.accessToken, 200],
    ['forged', 401],
  ]) {
    const found = await statusOf(`http://${API_HOST}:8080/orders/`, { authorization: `Bearer ${token}` });
    if (found !== status)
      throw new Sentence(`The gateway answers ${found} instead of ${status} for /orders/.`);
  }
  const direct = await statusOf(`http://${containers.addressOf('orders', 'gateway')}:8080/orders/`, {
    authorization: `Bearer ${session.accessToken}`,
    'x-user-id': session.userId,
  });
  if (direct !== 401)
    throw new Sentence(`The example service answers ${direct} to a call beside the gateway.`);
}

async function statusOf(url, headers) {
  return (await fetch(url, { headers })).status;
}
