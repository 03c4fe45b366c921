import './lib/node-version.mjs';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCountersign } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureExamplePackages } from './lib/example-packages.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/** `countersign init FOLDER [--application ID]`: writes a Mini App and a service that run against `npm start`. */

const PAGE = 'http://127.0.0.1:5173';

await main(async () => {
  const { positionals, values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { application: { type: 'string' } },
  });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0)
    throw new Sentence('Name the folder: npx countersign init ../my-app [--application <applicationId>]');
  const folder = resolve(process.env.INIT_CWD ?? '.', name);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Sentence(`${folder} is not empty.`);
  const audience = basename(folder).toLowerCase();
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(audience))
    throw new Sentence('The name of the folder is that of the service: letters, digits and hyphens.');
  const { PORT = '3000', GATEWAY_PORT = '3001' } = process.env;
  const api = `http://127.0.0.1:${PORT}`;
  const { issuer } = await read(`${api}/.well-known/oauth-authorization-server`);
  const { applicationId } = values.application
    ? { applicationId: values.application }
    : await read(`${api}/playground/people`);
  await allow(applicationId, audience);
  await ensureExamplePackages();
  cpSync(inClone('examples', 'start'), folder, {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules',
  });
  cpSync(inClone('examples', 'packages'), join(folder, 'packages'), { recursive: true });
  const written = { api, check: `http://127.0.0.1:${GATEWAY_PORT}`, issuer, applicationId, audience };
  writeFileSync(join(folder, 'countersign.json'), `${JSON.stringify(written, null, 2)}\n`);
  say(`
A Mini App and a service are in ${folder}:

  cd ${relative(process.cwd(), folder)}
  npm install
  npm run dev

Then open ${PAGE}/launch, as Telegram would open it for Ada.`);
});

async function read(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) throw new Sentence(`${address} does not answer: run "npm start", and leave it running.`);
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
