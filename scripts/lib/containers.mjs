import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sentence } from './main.mjs';

/** Milliseconds. */
const HEALTHY_LIMIT = 180_000;

/**
 * Runs services of a resolved docker-compose.yml as processes, each with a network and mounts of its own: networks are bridges, the root
 * is read-only below its volumes and `tmpfs`, the process has no capability and gets none. Needs root, and a network namespace of its own.
 * Memory limits and published ports are left out.
 */
export class Containers {
  #scratch;
  #services;
  #secrets;
  #images;
  #processes = new Map();
  #addresses = new Map();

  /**
   * @param {string} scratch
   * @param {object} composition what `docker-compose config` prints
   * @param {Record<string, { root: string, user: number, environment: string[], folder: string, command: string[] }>} images by service
   */
  constructor(scratch, { services, networks, secrets }, images) {
    this.#scratch = scratch;
    this.#services = services;
    this.#secrets = secrets;
    this.#images = images;
    must('ip', 'link', 'set', 'lo', 'up');
    for (const [index, name] of Object.keys(networks).entries()) {
      const subnet = networks[name]?.ipam?.config?.[0].subnet ?? `172.31.${200 + index}.0/24`;
      this.#makeNetwork(index, name, subnet);
    }
  }

  #makeNetwork(networkIndex, name, subnet) {
    const bridge = `bridge${networkIndex}`;
    const prefix = subnet.slice(0, subnet.lastIndexOf('.') + 1);
    must('ip', 'link', 'add', 'name', bridge, 'type', 'bridge');
    must('ip', 'addr', 'add', `${prefix}1/24`, 'dev', bridge);
    must('ip', 'link', 'set', bridge, 'up');
    for (const [serviceIndex, service] of Object.keys(this.#services).entries()) {
      const attached = this.#services[service].networks ?? {};
      if (!(Array.isArray(attached) ? attached.includes(name) : name in attached)) continue;
      const address = attached[name]?.ipv4_address ?? `${prefix}${10 + serviceIndex}`;
      if (!this.#addresses.has(service)) {
        this.#addresses.set(service, []);
        must('ip', 'netns', 'add', service);
        must('ip', '-n', service, 'link', 'set', 'lo', 'up');
      }
      const [outside, inside] = [`v${networkIndex}-${serviceIndex}`, `eth${networkIndex}`];
      must('ip', 'link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', service);
      must('ip', 'link', 'set', outside, 'master', bridge, 'up');
      must('ip', '-n', service, 'addr', 'add', `${address}/24`, 'dev', inside);
      must('ip', '-n', service, 'link', 'set', inside, 'up');
      this.#addresses.get(service).push({ network: name, address });
    }
  }

  /** @returns {string} the address of a service in a network */
  addressOf(service, network) {
    return this.#addresses.get(service).find((each) => each.network === network).address;
  }

  /** Starts a service. */
  start(service) {
    const args = this.#words(service, this.#services[service].command ?? this.#images[service].command);
    const log = openSync(this.#log(service), 'a');
    const child = spawn('ip', args, { stdio: ['ignore', log, log] });
    this.#processes.set(service, child);
  }

  /** Runs a service to its end. */
  finish(service) {
    const { status } = spawnSync('ip', this.#words(service, this.#services[service].command), {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Sentence(`${service} of docker-compose.yml ends with ${status}.`);
  }

  /** Runs a program in a service that was started. */
  exec(service, words, input = '') {
    const { pid } = this.#processes.get(service);
    const { user } = this.#images[service];
    const inside = ['--mount', '--net', '--root', '--wd', `--setuid=${user}`, `--setgid=${user}`];
    const args = [`--target=${pid}`, ...inside, 'env', '-i', ...this.#environment(service), ...words];
    return spawnSync('nsenter', args, { encoding: 'utf8', input, timeout: 60_000 });
  }

  /** Waits until the service's own health check passes. A service that ends is started again, as `restart` says, twice. */
  async untilHealthy(service) {
    const { test } = this.#services[service].healthcheck;
    let starts = 1;
    let last;
    for (const deadline = Date.now() + HEALTHY_LIMIT; Date.now() < deadline; await sleep(500)) {
      if (this.#processes.get(service).exitCode !== null) {
        if (starts === 3) break;
        starts += 1;
        this.start(service);
      }
      last = this.exec(service, test.slice(1));
      if (last.status === 0) return;
    }
    const log = readFileSync(this.#log(service), 'utf8');
    throw new Sentence(`${service} is not healthy: ${last?.stdout}${last?.stderr}\n${log}`);
  }

  #log(service) {
    return join(this.#scratch, `${service}.log`);
  }

  /** Ends all services, the last one first. @returns {Promise<Record<string, number | null>>} exit codes */
  async stop() {
    const codes = {};
    for (const [service, child] of [...this.#processes].toReversed()) {
      if (child.exitCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await Promise.race([ended, sleep(30_000, null, { ref: false })]);
        if (child.exitCode === null) child.kill('SIGKILL');
      }
      codes[service] = child.exitCode;
    }
    return codes;
  }

  #environment(service) {
    const own = Object.entries(this.#services[service].environment ?? {});
    return [...this.#images[service].environment, ...own.map(([name, value]) => `${name}=${value}`)];
  }

  #words(service, command) {
    const { root, user, folder } = this.#images[service];
    const start = ['/bin/sh', '-c', 'cd "$0" && exec "$@"', folder, ...command];
    const isolated = [
      'unshare',
      '--mount',
      '--propagation=private',
      'sh',
      '-euc',
      this.#mounts(service, root),
      'sh',
    ];
    const confined = [
      'setpriv',
      '--no-new-privs',
      'chroot',
      `--userspec=${user}:${user}`,
      join(this.#scratch, 'root'),
    ];
    const env = ['/usr/bin/env', '-i', ...this.#environment(service)];
    return ['netns', 'exec', service, ...isolated, ...confined, ...env, ...start];
  }

  /** A script that lays the root file system out, and then becomes the program that it is given. */
  #mounts(service, image) {
    const { volumes = [], secrets = [], tmpfs = [] } = this.#services[service];
    const { user } = this.#images[service];
    const [root, layer] = ['root', 'layer'].map((name) => join(this.#scratch, name));
    for (const path of [root, layer]) mkdirSync(path, { recursive: true });
    const binds = [
      [this.#hosts(service), '/etc/hosts', 'ro'],
      ...volumes.map((volume) => this.#volume(volume, user)),
      ...secrets.map(({ source }) => [this.#secrets[source].file, `/run/secrets/${source}`, 'ro']),
    ];
    return [
      `mount -t tmpfs tmpfs ${layer}; mkdir ${layer}/upper ${layer}/work`,
      `mount -t overlay overlay -o lowerdir=${image},upperdir=${layer}/upper,workdir=${layer}/work ${root}`,
      `mkdir -p ${root}/proc ${root}/dev ${root}/run`,
      `mount -t proc proc ${root}/proc; mount --rbind /dev ${root}/dev; mount -t tmpfs tmpfs ${root}/run`,
      ...tmpfs.map((each) => {
        const [path, options = 'mode=1777'] = each.split(':');
        const owned = options.replace(/uid=\d+,gid=\d+/, `uid=${user},gid=${user}`);
        return `mkdir -p ${root}${path}; mount -t tmpfs -o ${owned} tmpfs ${root}${path}`;
      }),
      ...binds.flatMap(([source, target, mode]) => [
        `mkdir -p "$(dirname ${root}${target})"; if [ -d ${source} ]; then mkdir -p ${root}${target}; else touch ${root}${target}; fi`,
        `mount --bind ${source} ${root}${target}`,
        ...(mode === 'ro' ? [`mount -o remount,bind,ro ${root}${target}`] : []),
      ]),
      `mount -o remount,ro ${root}/run; mount -o remount,ro ${root}`,
      'exec "$@"',
    ].join('\n');
  }

  #volume(text, user) {
    const [source, target, mode = 'rw'] = text.split(':');
    if (source.startsWith('/')) return [source, target, mode];
    const folder = join(this.#scratch, 'volumes', source);
    mkdirSync(folder, { recursive: true });
    chownSync(folder, user, user);
    chmodSync(folder, 0o700);
    return [folder, target, mode];
  }

  /** Names of the services that share a network with this one. */
  #hosts(service) {
    const own = this.#addresses.get(service).map(({ network }) => network);
    const lines = [...this.#addresses].flatMap(([name, all]) =>
      all.filter(({ network }) => own.includes(network)).map(({ address }) => `${address} ${name}`),
    );
    const file = join(this.#scratch, `hosts-${service}`);
    writeFileSync(file, `127.0.0.1 localhost\n${lines.join('\n')}\n`);
    return file;
  }
}

function must(command, ...words) {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Sentence(`"${command} ${words.join(' ')}" fails: ${stderr}`);
}
