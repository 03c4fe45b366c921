import './lib/node-version.mjs';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { animatedPng } from './lib/apng.mjs';
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
/** Of the moving picture. */
const TOUR = { viewport: { width: 880, height: 560 }, secondsEach: 7, plays: 3, maxBytes: 500 * 1024 };
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
    const output = () => readFileSync(join(folder, 'Countersign.log'), 'utf8');
    if (address !== null && (await children.until(async () => output().includes('-- Data: '))))
      await takePictures(address, /^Console +(\S+)/m.exec(output())[1]);
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

async function takePictures(address, consoleLink) {
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
    const tour = await browser.newContext({ viewport: TOUR.viewport, reducedMotion: 'reduce' });
    await pictureOfTour(tour, address, consoleLink);
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

/** A person signs in and calls a service, an operator ends the session, and the next call is refused. */
async function pictureOfTour(context, address, consoleLink) {
  const frames = [];
  const page = await context.newPage();
  const frame = async (of, text) => {
    await of.evaluate((caption) => {
      const { document } = globalThis;
      const element = document.querySelector('#caption') ?? document.createElement('p');
      element.id = 'caption';
      element.textContent = caption;
      element.style.cssText =
        'position:fixed;inset:auto 0 0;z-index:99;margin:0;padding:14px 20px;background:#10202f;color:#fff;font:600 17px system-ui';
      document.body.append(element);
    }, text);
    frames.push({ png: await of.screenshot({ animations: 'disabled' }), seconds: TOUR.secondsEach });
  };
  const show = (id) =>
    page.locator(`#${id}`).evaluate((section) => section.scrollIntoView({ behavior: 'instant' }));
  const press = async (id, name) => {
    await page.locator(`#${id}`).getByRole('button', { name, exact: true }).click();
    await page.locator(`#${id}:not(:has([aria-busy])) .outcome:not(:empty)`).waitFor();
  };

  await page.goto(`${address}/playground`);
  await page.locator('#who[data-status="signed-out"]').waitFor();
  await frame(page, 'The playground of npm start: no one is signed in.');
  const grace = page.getByRole('button', { name: 'Grace Hopper', exact: true });
  await Promise.all([page.waitForEvent('load'), grace.click()]);
  await page.locator('#who[data-status="signed-in"]').waitFor();
  await frame(page, 'Grace opens the Mini App: what Telegram signed is verified, and a session begins.');
  await press('gateway', 'Call the service');
  await show('gateway');
  await frame(page, 'A service behind the gateway learns who calls, by a token that it verifies itself.');

  const operator = await context.newPage();
  await operator.goto(consoleLink);
  await operator.getByRole('button', { name: 'Sign out' }).waitFor();
  const person = await page
    .getByRole('link', { name: 'Open this person in the console' })
    .getAttribute('href');
  await operator.goto(person);
  await operator.getByRole('button', { name: 'End', exact: true }).waitFor();
  await frame(operator, 'An operator has Grace before them in the console ...');
  await operator.getByRole('button', { name: 'End', exact: true }).click();
  const dialog = operator.getByRole('dialog');
  await dialog.waitFor();
  await frame(operator, '... and ends her session.');
  await dialog.getByRole('button', { name: 'End', exact: true }).click();
  await dialog.getByRole('heading', { name: 'Done' }).waitFor();
  await frame(operator, 'The audit trail says who did it.');
  await press('gateway', 'Call the service');
  await show('gateway');
  await frame(page, 'The next call is refused, at the gateway too.');

  const path = join(FOLDER, 'tour.png');
  const bytes = animatedPng(frames, TOUR.plays);
  if (bytes.length > TOUR.maxBytes)
    throw new Sentence(`${path} has ${bytes.length} bytes; at most ${TOUR.maxBytes} are wanted.`);
  writeFileSync(path, bytes);
  say(`${path}: ${bytes.length} bytes`);
}

async function save(page, name) {
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Sentence(`${path} has ${size} bytes; at most ${MAX_BYTES} are wanted.`);
  say(`${path}: ${size} bytes`);
}
