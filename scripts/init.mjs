import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCountersign } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { say, Sentence } from './lib/main.mjs';

const USAGE = 'npx countersign init <folder> [--application <applicationId>]';
const PAGE = 'http://127.0.0.1:5173';
/** Folders of `published`, by the archive of each in `dist/packages`. */
const PACKAGES = {
  'countersign-client.tgz': 'client',
  'countersign-identity-token.tgz': 'identity-token',
};

/**
 * Writes a Mini App and a service that run against the service of `start`.
 *
 * @param {string} start the command of `start`, for messages
 * @param {(libs: string[]) => Promise<unknown>} [ensurePackages] packs folders of `published`, where they are not packed
 */
export async function init(start, ensurePackages) {
  const { positionals, values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { application: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(
      `${USAGE}\n\nWrites a Mini App and a service. Both use the Countersign that "${start}" runs.\n`,
    );
    return;
  }
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Sentence(`Name the folder: ${USAGE}`);
  const folder = resolve(process.env.INIT_CWD ?? '.', name);
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Sentence(`${folder} is a file. Name a folder.`);
    if (readdirSync(folder).length > 0) throw new Sentence(`${folder} is not empty. Name a new folder.`);
  }
  const audience = basename(folder).toLowerCase();
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(audience))
    throw new Sentence(
      'The service gets the name of the folder. The name must begin with a letter and contain only letters, digits and hyphens.',
    );
  const { PORT = '3000', GATEWAY_PORT = '3001' } = process.env;
  const api = `http://127.0.0.1:${PORT}`;
  const { issuer } = await read(`${api}/.well-known/oauth-authorization-server`, start);
  const { applicationId } = values.application
    ? { applicationId: values.application }
    : await read(`${api}/playground/people`, start);
  await allow(applicationId, audience);
  if (!Object.keys(PACKAGES).every((archive) => existsSync(inClone('dist', 'packages', archive))))
    say(`The packages are not finished: after its first start, "${start}" packs them for about a minute.`);
  await ensurePackages?.(Object.values(PACKAGES));
  cpSync(inClone('examples', 'start'), folder, { recursive: true });
  for (const archive of Object.keys(PACKAGES))
    cpSync(inClone('dist', 'packages', archive), join(folder, 'packages', archive));
  const check = `http://127.0.0.1:${GATEWAY_PORT}`;
  write(join(folder, 'countersign.json'), { api, check, issuer, applicationId, audience });
  const manifest = join(folder, 'package.json');
  write(manifest, { ...JSON.parse(readFileSync(manifest, 'utf8')), name: audience });
  say(`
The folder ${folder} now contains a Mini App and a service. Start both:

  cd ${relative(process.cwd(), folder)}
  npm install
  npm run dev

Then open ${PAGE}/launch. The page opens as Telegram would open it for a person called Ada.`);
}

function write(file, content) {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

async function read(address, start) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok)
    throw new Sentence(`${address} does not answer. Run "${start}" in another terminal, with the same PORT.`);
  return answer.json();
}

/** Lets the page's origin call, and the check make identity tokens for the service. */
async function allow(applicationId, audience) {
  const shown = await runCountersign(process.env, ['application', 'show', applicationId, '--json']);
  const { origins = [], audiences = [] } = JSON.parse(shown).settings;
  const settings = {
    origins: [...new Set([...origins, PAGE])],
    audiences: [...new Set([...audiences, audience])],
  };
  const set = ['application', 'set', applicationId, '--settings-stdin'];
  await runCountersign(process.env, set, JSON.stringify(settings));
}
