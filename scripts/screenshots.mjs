import './lib/node-version.mjs';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { Children } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/** Starts what `npm start` runs, with data of its own, and takes the pictures of the documents in Debian's Chromium. */

const CHROMIUM = '/usr/bin/chromium';
const FOLDER = inClone('docs', 'pictures');
const MAX_BYTES = 150 * 1024;
const VIEWPORT = { width: 1000, height: 680 };
/** Variables of an installation that a picture must not show. */
const UNSET = [
  'DATABASE_URL',
  'DATABASE_URL_FILE',
  'KEYS',
  'KEYS_FILE',
  'REDIS_URL',
  'REDIS_URL_FILE',
  'PUBLIC_URL',
];

await main(async () => {
  if (!existsSync(CHROMIUM))
    throw new Sentence('The pictures need Chromium: run "apt-get install -y chromium" on Debian and Ubuntu.');
  await ensureInstalled();
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-pictures-'));
  // As root, PostgreSQL runs as another user, who passes through this folder.
  chmodSync(folder, 0o755);
  const children = new Children(folder);
  try {
    const address = await startService(children, join(folder, 'data'));
    if (address !== null) await takePictures(address);
  } finally {
    await children.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** @returns the address of the public port, or null after a signal */
async function startService(children, dataFolder) {
  say('Starting Countersign ...');
  const [port, gatewayPort, adminPort] = await freePorts(3);
  children.start('Countersign', process.execPath, [inClone('scripts', 'start.mjs')], {
    env: {
      ...process.env,
      ...Object.fromEntries(UNSET.map((name) => [name, ''])),
      NODE_ENV: 'development',
      COUNTERSIGN_DATA_DIR: dataFolder,
      HOST: '127.0.0.1',
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      ADMIN_PORT: String(adminPort),
    },
  });
  const address = `http://127.0.0.1:${port}`;
  const isUp = await children.until(async () => (await fetch(`${address}/playground/people`)).ok);
  return isUp ? address : null;
}

/** All are held until the last one is known, so that they differ. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = [];
  for (const server of servers) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push(server.address().port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

async function takePictures(address) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  try {
    const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce' });
    mkdirSync(FOLDER, { recursive: true });
    await picturesOfPlayground(await context.newPage(), address);
    await pictureOfApi(await context.newPage(), address);
  } finally {
    await browser.close();
  }
}

/** A person signs in, and calls a service behind the gateway. */
async function picturesOfPlayground(page, address) {
  const section = (id) => page.locator(`#${id}`);
  const press = async (id, name) => {
    await section(id).getByRole('button', { name, exact: true }).click();
    await page.locator(`#${id}:not(:has([aria-busy])) .outcome:not(:empty)`).waitFor();
  };

  await page.goto(`${address}/playground`);
  await page.locator('#who[data-status="signed-out"]').waitFor();
  await Promise.all([
    page.waitForEvent('load'),
    section('people').getByRole('button', { name: 'Ada Lovelace', exact: true }).click(),
  ]);
  await page.locator('#who[data-status="signed-in"]').waitFor();
  await save(page, 'playground');

  await press('gateway', 'Call the service');
  await section('gateway').evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
  await save(page, 'gateway');
}

/** The operations, from the first tag on. */
async function pictureOfApi(page, address) {
  await page.goto(`${address}/docs`);
  await page.locator('.opblock').first().waitFor();
  await page
    .locator('.opblock-tag-section')
    .first()
    .evaluate((element) => element.scrollIntoView());
  await save(page, 'api');
}

async function save(page, name) {
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Sentence(`${path} has ${size} bytes; at most ${MAX_BYTES} are wanted.`);
  say(`${path}: ${size} bytes`);
}
