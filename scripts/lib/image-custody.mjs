import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processBelow } from './buildah.mjs';
import { inClone } from './clone.mjs';
import { say, Sentence } from './main.mjs';

/** Milliseconds. */
const STOP_LIMIT = 30_000;
const PAUSE = 500;
const ATTEMPTS = 60;
const FOLDER = '/run/custody';
const PASSWORD = 'of-this-trial';

const { Client } = createRequire(inClone('package.json'))('pg');

/**
 * Runs the second entry point of the image as the unit `custody` of docker-compose.yml does: makes its role and ring, starts it,
 * asks it by the command line of the image, and ends it by SIGTERM.
 */
export async function tryCustody(buildah, { container, user, scratch, settings }) {
  const folder = join(scratch, 'custody');
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, user, user);
  await makeRole(settings.env.DATABASE_URL);
  const socket = `${FOLDER}/socket`;
  const volumes = [...settings.volumes, `${folder}:${FOLDER}:rw`];
  const asOperator = { volumes, env: { ...settings.env, CUSTODY_SOCKET: socket } };
  const asCustody = {
    volumes,
    env: {
      CUSTODY_SOCKET: socket,
      CUSTODY_KEYS_FILE: `${FOLDER}/keys.json`,
      CUSTODY_DATABASE_URL: Object.assign(new URL(settings.env.DATABASE_URL), {
        username: 'custody',
        password: PASSWORD,
      }).href,
    },
  };
  const generated = buildah.run(container, asOperator, [
    ...['countersign', 'keys', 'generate', '--out', `${FOLDER}/keys.json`],
  ]);
  if (generated.status !== 0) throw new Sentence(`No key ring of custody: ${generated.stderr}`);
  const service = buildah.start(container, asCustody, ['countersign-custody']);
  const ended = new Promise((resolve) => service.once('exit', resolve));
  try {
    await untilItAnswers(buildah, container, asOperator, service);
    const node = processBelow(service.pid, 'node');
    if (node?.user !== user) throw new Sentence(`Custody runs as user ${node?.user}, not ${user}.`);
    if (!/^Max core file size +0 +0 /m.test(readFileSync(`/proc/${node.pid}/limits`, 'utf8')))
      throw new Sentence('Custody may write core files.');
    process.kill(node.pid, 'SIGTERM');
    const code = await Promise.race([ended, sleep(STOP_LIMIT, 'nothing', { ref: false })]);
    if (code !== 0) throw new Sentence(`SIGTERM ends custody with ${code} instead of 0.`);
    say('The custody process of the image started, answered the command line and ended.');
  } finally {
    const node = processBelow(service.pid, 'node');
    if (node) process.kill(node.pid, 'SIGKILL');
  }
}

async function makeRole(url) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `CREATE ROLE custody LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${PASSWORD}'`,
    );
    await client.query('CREATE SCHEMA custody AUTHORIZATION custody');
  } finally {
    await client.end();
  }
}

async function untilItAnswers(buildah, container, settings, service) {
  for (let attempt = 0; attempt < ATTEMPTS && service.exitCode === null; attempt += 1) {
    const accept = ['countersign', 'custody', 'accept', '--reason', 'trial'];
    const { status } = buildah.run(container, settings, accept);
    if (status === 0) return;
    await sleep(PAUSE);
  }
  throw new Sentence(`Custody does not answer (exit code ${service.exitCode}).`);
}
