import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { built } from '../../bench/product/built.mjs';
import { inClone } from '../../scripts/lib/clone.mjs';
import { own, ownFolder, startProgram } from './programs.mjs';

const { freePort } = built('tools/private-postgres/src');

const NODES = [1, 2, 3];
const DATABASE = 'countersign';
const ROLE = 'countersign';
const TEST_PARAMETERS = ['unix_socket_directories: ""', 'min_wal_size: 32MB', 'max_wal_size: 128MB'];

/** Milliseconds. */
const START_LIMIT = 120_000;
const POLL = 50;
const ANSWER_LIMIT = 1_000;

/** The file as it is shipped, with the addresses of this machine. */
function shipped(name, addresses) {
  let text = readFileSync(inClone('deploy', 'patroni', name), 'utf8');
  for (const [from, to] of addresses) {
    if (!text.includes(from)) throw new Error(`deploy/patroni/${name} lacks ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/**
 * Three PostgreSQL by Patroni over three members of etcd, with haproxy to the leader and pgbouncer before it: by the
 * files of `deploy/patroni`.
 */
export class Database {
  #folder;
  #ports;
  #passwords = Object.fromEntries(
    ['superuser', 'replication', 'rewind', 'role'].map((name) => [name, randomBytes(12).toString('hex')]),
  );
  /** @type {Map<string, import('./programs.mjs').Program>} */
  #running = new Map();

  /**
   * @param {object} options
   * @param {string} options.folder that other accounts may enter
   * @param {import('../../bench/machine/ending.mjs').Ending} options.ending
   */
  static async start({ folder, ending }) {
    const database = new Database();
    database.#folder = folder;
    database.#ports = await choosePorts();
    ending.before(() => database.#stop());
    for (const node of NODES) database.startStore(node);
    for (const node of NODES) database.startNode(node);
    await database.untilHealthy();
    database.#startProxies();
    await database.#makeDatabase();
    return database;
  }

  /** Of haproxy, and of pgbouncer before it. */
  get directUrl() {
    return this.#url(ROLE, this.#passwords.role, this.#ports.leader);
  }

  get pooledUrl() {
    return this.#url(ROLE, this.#passwords.role, this.#ports.pooler);
  }

  /** By haproxy. */
  get superuserUrl() {
    return this.#url('postgres', this.#passwords.superuser, this.#ports.leader);
  }

  /** A node of PostgreSQL with its Patroni. @param {number} node */
  startNode(node) {
    const folder = this.#nodeFolder(node);
    const file = this.#write(`node${node}.yml`, this.#patroniFile(node, folder), folder);
    const env = {
      PATRONI_SUPERUSER_PASSWORD: this.#passwords.superuser,
      PATRONI_REPLICATION_PASSWORD: this.#passwords.replication,
      PATRONI_REWIND_PASSWORD: this.#passwords.rewind,
    };
    const program = startProgram('patroni', [file], { log: this.#log(`node${node}`), env, cwd: folder });
    program.others = () => postmasterOf(join(folder, 'data'));
    this.#running.set(`node${node}`, program);
  }

  /** A member of etcd. @param {number} node */
  startStore(node) {
    const folder = ownFolder(join(this.#folder, `etcd${node}`));
    const { client, peer } = this.#ports.stores[node];
    const peers = NODES.map((each) => `e${each}=http://127.0.0.1:${this.#ports.stores[each].peer}`).join();
    const options = {
      ...{
        name: `e${node}`,
        'data-dir': join(folder, 'data'),
        'initial-cluster': peers,
        'log-level': 'error',
      },
      'listen-client-urls': `http://127.0.0.1:${client}`,
      'advertise-client-urls': `http://127.0.0.1:${client}`,
      'listen-peer-urls': `http://127.0.0.1:${peer}`,
      'initial-advertise-peer-urls': `http://127.0.0.1:${peer}`,
      // See `deploy/patroni/patroni.yml`.
      'enable-v2': true,
      logger: 'zap',
    };
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    this.#running.set(
      `store${node}`,
      startProgram('etcd', args, { log: this.#log(`etcd${node}`), cwd: folder }),
    );
  }

  /** @param {number} node @returns {import('./programs.mjs').Program} */
  node(node) {
    return this.#running.get(`node${node}`);
  }

  /** @param {number} node @returns {import('./programs.mjs').Program} */
  store(node) {
    return this.#running.get(`store${node}`);
  }

  /** The leader, the synchronous standby and all members, as the first node that answers knows them. */
  async roles() {
    for (const node of NODES) {
      const { body } = await this.#ask(node, 'GET', '/cluster');
      if (!body?.members) continue;
      const named = (role) => {
        const found = body.members.find((member) => member.role === role);
        return found ? Number(found.name.slice('node'.length)) : null;
      };
      return { leader: named('leader'), standby: named('sync_standby'), members: body.members };
    }
    return { leader: null, standby: null, members: [] };
  }

  /** Waits until a node that is none of `without` leads. @returns its number, and when that was seen (`performance.now()`) */
  async untilLed(without, limit = START_LIMIT) {
    return this.#until(limit, 'no node leads', async () => {
      const asked = NODES.filter((node) => !without.includes(node));
      const answers = await Promise.all(asked.map((node) => this.#ask(node, 'GET', '/primary')));
      const index = answers.findIndex(({ status }) => status === 200);
      return index < 0 ? null : { node: asked[index], at: performance.now() };
    });
  }

  /** Waits until a standby that is none of `without` is the synchronous one. */
  async untilSynchronous(without) {
    return this.#until(START_LIMIT, 'no standby is synchronous', async () => {
      const { standby } = await this.roles();
      return standby === null || without.includes(standby) ? null : { node: standby, at: performance.now() };
    });
  }

  /**
   * Waits until a commit can be acknowledged: the leader has its synchronous standby.
   *
   * @param {number} leader
   * @returns when that was seen (`performance.now()`)
   */
  async untilAcknowledging(leader) {
    const connectionString = this.#url(
      'postgres',
      this.#passwords.superuser,
      this.#ports.nodes[leader].postgres,
    );
    const client = new pg.Client({ connectionString });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await this.#until(START_LIMIT, 'no standby acknowledges commits', async () => {
        const { rows } = await client.query(`SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`);
        return rows.length > 0 ? performance.now() : null;
      });
    } finally {
      await client.end();
    }
  }

  /** Waits until all nodes run, one leads, and one is its synchronous standby. */
  async untilHealthy() {
    return this.#until(START_LIMIT, 'the cluster is not healthy', async () => {
      const { leader, standby, members } = await this.roles();
      const isHealthy =
        leader !== null &&
        standby !== null &&
        members.length === NODES.length &&
        members.every(({ state, lag = 0 }) => /^(running|streaming)$/.test(state) && lag === 0);
      return isHealthy ? { leader, standby } : null;
    });
  }

  /** Makes the synchronous standby the leader. @param {number} leader @param {number} candidate */
  async switchOver(leader, candidate) {
    const wanted = { leader: `node${leader}`, candidate: `node${candidate}` };
    const { status, text } = await this.#ask(leader, 'POST', '/switchover', wanted, START_LIMIT);
    if (status !== 200) throw new Error(`the switchover was answered ${status} ${text}`);
  }

  async #until(limit, complaint, look) {
    const deadline = performance.now() + limit;
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      if (performance.now() > deadline) throw new Error(`${complaint}: see ${this.#folder}`);
      await wait(POLL);
    }
  }

  async #ask(node, method, path, body = undefined, limit = ANSWER_LIMIT) {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#ports.nodes[node].rest}${path}`, {
        ...{ method, signal: AbortSignal.timeout(limit) },
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      return { status: answer.status, text, body: text.startsWith('{') ? JSON.parse(text) : null };
    } catch (error) {
      return { status: 0, text: error.message, body: null };
    }
  }

  #startProxies() {
    const { leader, pooler, nodes } = this.#ports;
    const servers = NODES.map((node) => [
      `10.0.0.1${node}:5432 check port 8008`,
      `127.0.0.1:${nodes[node].postgres} check port ${nodes[node].rest}`,
    ]);
    const haproxy = shipped('haproxy.cfg', [['127.0.0.1:5000', `127.0.0.1:${leader}`], ...servers]);
    const folder = ownFolder(join(this.#folder, 'proxies'));
    const users = this.#write('userlist.txt', `"${ROLE}" "${this.#passwords.role}"\n`, folder);
    const pgbouncer = shipped('pgbouncer.ini', [
      ['port=5000', `port=${leader}`],
      ['listen_port = 6432', `listen_port = ${pooler}`],
      ['/etc/pgbouncer/userlist.txt', users],
    ]);
    const start = (program, before, file) =>
      startProgram(program, [...before, file], { log: this.#log(program), cwd: folder });
    this.#running.set(
      'haproxy',
      start('haproxy', ['-db', '-f'], this.#write('haproxy.cfg', haproxy, folder)),
    );
    this.#running.set('pgbouncer', start('pgbouncer', [], this.#write('pgbouncer.ini', pgbouncer, folder)));
  }

  async #makeDatabase() {
    const connectionString = Object.assign(new URL(this.superuserUrl), { pathname: '/postgres' }).href;
    await this.#until(START_LIMIT, 'haproxy does not lead to the leader', async () => {
      const client = new pg.Client({ connectionString });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${this.#passwords.role}'`);
        await client.query(`CREATE DATABASE ${DATABASE} OWNER ${ROLE}`);
        return true;
      } catch {
        // Before its first checks haproxy connects to any node.
        return null;
      } finally {
        await client.end().catch(() => undefined);
      }
    });
  }

  #patroniFile(node, folder) {
    const { nodes, stores } = this.#ports;
    return shipped('patroni.yml', [
      ['name: node1', `name: node${node}`],
      ['10.0.0.11:8008', `127.0.0.1:${nodes[node].rest}`],
      ['10.0.0.11:5432', `127.0.0.1:${nodes[node].postgres}`],
      ...NODES.map((each) => [`10.0.0.1${each}:2379`, `127.0.0.1:${stores[each].client}`]),
      ['10.0.0.0/24', '127.0.0.1/32'],
      ['/var/lib/postgresql/15/countersign', join(folder, 'data')],
      ['/var/lib/postgresql/.pgpass-patroni', join(folder, 'pgpass')],
      // The nodes share one disk.
      ['max_connections: 200', ['max_connections: 200', ...TEST_PARAMETERS].join(`\n${' '.repeat(8)}`)],
    ]);
  }

  #nodeFolder(node) {
    return ownFolder(join(this.#folder, `node${node}`));
  }

  #log(name) {
    return join(this.#folder, `${name}.log`);
  }

  #write(name, text, folder) {
    const path = join(folder, name);
    writeFileSync(path, text);
    return own(path);
  }

  #url(user, password, port) {
    return `postgresql://${user}:${password}@127.0.0.1:${port}/${DATABASE}`;
  }

  async #stop() {
    for (const program of this.#running.values()) {
      program.thaw();
      await program.kill();
    }
  }
}

async function choosePorts() {
  const byNode = async (names) => {
    const found = {};
    for (const node of NODES) {
      found[node] = {};
      for (const name of names) found[node][name] = await freePort();
    }
    return found;
  };
  return {
    nodes: await byNode(['postgres', 'rest']),
    stores: await byNode(['client', 'peer']),
    leader: await freePort(),
    pooler: await freePort(),
  };
}

/** The postmaster, which outlives Patroni. */
function postmasterOf(folder) {
  try {
    return [Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])];
  } catch {
    return [];
  }
}
