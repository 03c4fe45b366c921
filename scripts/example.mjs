import './lib/node-version.mjs';
import { createRequire } from 'node:module';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { URLSearchParams } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { portOf, runCountersign, runQuietly, runTogether, startCountersign } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { startFolder } from './lib/data-folder.mjs';
import { nginxFileOf } from './lib/example-nginx.mjs';
import { ensureExamplePackages } from './lib/packed.mjs';
import { ensureInstalledIn, ensureRunnable } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { PATH_WITH_SERVERS, requirePrograms } from './lib/programs.mjs';

/** Starts what examples/README.md describes: Countersign, nginx, the services and the Mini App. */

const NAMES = ['page', 'id', 'api', 'public', 'check', 'admin', 'orders', 'game'];
const SERVICES = ['orders', 'game'];
const MINI_APP = inClone('examples', 'mini-app');
const PEOPLE = 2;

await main(async () => {
  const options = readOptions();
  requirePrograms('The example and its gateway', ['nginx']);
  await ensureRunnable();
  await ensureBuilt();
  await ensureExamplePackages();
  await install(MINI_APP, 'Installing the Mini App ...', 'countersign-client.tgz');
  for (const name of SERVICES)
    await install(folderOf(name), `Installing the ${name} service ...`, 'countersign-identity-token.tgz');
  await runTogether((children, folder) => start(children, folder, options));
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3100' },
      page: { type: 'string' },
      id: { type: 'string' },
      api: { type: 'string' },
      bot: { type: 'string' },
    },
  });
  const first = portOf(values.port, NAMES.length);
  const ports = Object.fromEntries(NAMES.map((name, place) => [name, first + place]));
  const urls = Object.fromEntries(
    ['page', 'id', 'api'].map((name) => [name, urlOf(name, values[name], ports[name])]),
  );
  if (values.bot !== undefined && !/^\d+$/.test(values.bot))
    throw new Sentence('--bot has to be the id of a bot: the digits before the colon of its token.');
  return { ports, urls, ownBot: values.bot };
}

function urlOf(name, given, port) {
  if (given === undefined) return new URL(`http://127.0.0.1:${port}`);
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol !== 'https:' || url.pathname !== '/')
    throw new Sentence(
      `--${name} has to be the https address of a tunnel, such as https://words.example.com.`,
    );
  return url;
}

function folderOf(service) {
  return inClone('examples', service);
}

/** The archive counts for whether the folder is installed: no lock file pins it. */
function install(folder, saying, archive) {
  return ensureInstalledIn(folder, saying, ['--include=dev', '--ignore-scripts'], {
    archives: [`../packages/${archive}`],
  });
}

async function start(children, folder, { ports, urls, ownBot }) {
  const { prepareFolder } = createRequire(import.meta.url)(
    inClone('dist/tools/private-postgres/src/folders.js'),
  );
  const { COUNTERSIGN_DATA_DIR: named } = process.env;
  const running = await startCountersign(children, {
    data: named || join(startFolder(inClone('.data'), 'npm start', prepareFolder), 'example'),
    ports: [ports.public, ports.check, ports.admin],
    more: { PUBLIC_URL: urls.id.origin, TRUSTED_PROXIES: '127.0.0.1' },
  });
  if (running === null) return;
  const { address: service, applicationId, people, env } = running;
  // The origin of its page, the services behind the gateway, and scopes for them.
  const settings = {
    ...{ origins: [urls.page.origin], audiences: SERVICES, scopes: ['orders:refund'] },
    dataNeeds: ['name', 'username', 'photo'],
  };
  const set = ['application', 'set', applicationId, '--settings-stdin'];
  await runCountersign(env, set, JSON.stringify(settings));
  const { boardId, clientSecret } = await setUpGame(applicationId, env);

  say('Building the page and the services ...');
  const built = {
    ...process.env,
    NODE_ENV: 'production',
    VITE_COUNTERSIGN_URL: urls.id.origin,
    VITE_GATEWAY_URL: urls.api.origin,
    VITE_BOARD_ID: boardId,
    VITE_APPLICATION_ID: applicationId,
    VITE_BOT_ID: ownBot ?? madeUpBot(env),
    ALLOWED_HOST: urls.page.hostname,
  };
  for (const cwd of [...SERVICES.map(folderOf), MINI_APP])
    await runQuietly(process.execPath, [join(cwd, 'node_modules/typescript/bin/tsc')], { cwd });
  const vite = join(MINI_APP, 'node_modules/vite/bin/vite.js');
  const inMiniApp = { cwd: MINI_APP, env: built };
  await runQuietly(process.execPath, [vite, 'build'], inMiniApp);
  if (children.isInterrupted) return;

  writeFileSync(join(folder, 'nginx.conf'), nginxFileOf({ ...urls, ports }));
  const plain = `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;`;
  children.start('nginx', 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', plain], {
    env: { ...process.env, PATH: PATH_WITH_SERVERS },
  });
  const startService = (name, more) =>
    children.start(name, process.execPath, [join(folderOf(name), 'dist', 'main.js')], {
      env: { ...process.env, PORT: String(ports[name]), ISSUER: urls.id.origin, ...more },
    });
  startService('orders', { JWKS_URL: `${service}/.well-known/jwks.json` });
  startService('game', {
    COUNTERSIGN_URL: service,
    APPLICATION_ID: applicationId,
    CLIENT_SECRET: clientSecret,
    BOARD_ID: boardId,
  });
  const preview = ['preview', '--host', '127.0.0.1', '--port', String(ports.page), '--strictPort'];
  children.start('page', process.execPath, [vite, ...preview], inMiniApp);
  const addresses = ['page', 'api', ...SERVICES].map((name) => `http://127.0.0.1:${ports[name]}/`);
  const isServed = await children.until(async () => {
    await Promise.all(addresses.map((address) => fetch(address)));
    return true;
  });
  if (!isServed) return;
  // The client takes init data of an address on this machine only: anyone can send an https link with theirs.
  const isHere = urls.page.protocol === 'http:';
  const links = isHere && !ownBot ? await linksOf(service, people.slice(0, PEOPLE), urls) : [];
  tell(links, urls, applicationId);
}

/** The board of the game, and a client secret for its server. Made once, since a secret is shown once. */
async function setUpGame(applicationId, env) {
  const file = join(env.COUNTERSIGN_DATA_DIR, 'example-game.json');
  if (!existsSync(file)) {
    const board = ['--name', 'Rush hour', '--rule', 'best', '--better', 'higher', '--calendar', 'weekly'];
    const create = ['board', 'create', '--application', applicationId, ...board, '--json'];
    const { boardId } = JSON.parse(await runCountersign(env, create));
    const add = ['application', 'add-secret', applicationId, '--name', 'game', '--json'];
    const secret = await runCountersign(env, add);
    const { clientSecret } = JSON.parse(secret);
    writeFileSync(file, JSON.stringify({ boardId, clientSecret }), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The id of the bot that the fake Telegram signs for. */
function madeUpBot({ COUNTERSIGN_DATA_DIR: folder }) {
  return readFileSync(join(folder, 'demo-bot-token'), 'utf8').split(':', 1)[0];
}

/** As Telegram opens a Mini App: launch parameters are in the fragment. The query keeps a browser from reusing the page of another person. */
async function linksOf(service, people, urls) {
  const links = [];
  for (const { id, first_name: first, last_name: last } of people) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ id });
    const answer = await fetch(`${service}/playground/init-data`, { method: 'POST', headers, body });
    const { initData } = await answer.json();
    const launch = new URLSearchParams({
      tgWebAppData: initData,
      tgWebAppVersion: '9.0',
      tgWebAppPlatform: 'web',
    });
    links.push(`${first} ${last}:`, `  ${urls.page.origin}/?${first.toLowerCase()}#${launch}`);
  }
  return links;
}

function tell(links, urls, applicationId) {
  const opening =
    'These links open the Mini App as Telegram would open it for a made-up person. They are valid for a day:';
  process.stdout.write(`
Application: ${applicationId}
Page: ${urls.page.origin}   Countersign: ${urls.id.origin}   Gateway: ${urls.api.origin}

${links.length > 0 ? [opening, '', ...links, '', ''].join('\n') : ''}Press Ctrl-C to stop everything.
`);
}
