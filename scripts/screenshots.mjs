import './lib/node-version.mjs';
import { writeFileSync } from 'node:fs';
import { animatedPng } from './lib/apng.mjs';
import { inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/**
 * `node scripts/screenshots.mjs <link>` takes the pictures of the documents in Debian's Chromium. The link is that of the console, which a
 * fresh `npm start` prints; PORT is that of its API, 3000 by default.
 */

const KIB = 1024;
/** The page of the API is large. */
const TIMEOUT_MS = 180_000;
const ADDRESS = `http://127.0.0.1:${process.env.PORT || 3000}`;

await main(async () => {
  const [consoleLink] = process.argv.slice(2);
  if (!consoleLink) throw new Sentence('Name the link of the console that "npm start" prints.');
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  try {
    const open = (width, height) =>
      browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
    const still = await open(1000, 680);
    await pictureOfGateway(await still.newPage());
    await pictureOfApi(await still.newPage());
    await pictureOfTour(await open(880, 560), consoleLink);
  } finally {
    await browser.close();
  }
});

async function signIn(page, name) {
  const button = page.getByRole('button', { name, exact: true });
  await Promise.all([page.waitForEvent('load'), button.click()]);
  await page.locator('#who[data-status="signed-in"]').waitFor();
}

async function callService(page) {
  await page.locator('#gateway').getByRole('button', { name: 'Call the service', exact: true }).click();
  await page.locator('#gateway:not(:has([aria-busy])) .outcome:not(:empty)').waitFor();
  await show(page.locator('#gateway'));
}

function show(place) {
  return place.evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
}

async function pictureOfGateway(page) {
  await page.goto(`${ADDRESS}/playground`);
  await signIn(page, 'Ada Lovelace');
  await callService(page);
  save('gateway', await page.screenshot({ animations: 'disabled' }), 150);
}

/** The operations, from the first tag on. */
async function pictureOfApi(page) {
  await page.goto(`${ADDRESS}/docs`, { timeout: TIMEOUT_MS });
  await page.locator('.opblock').first().waitFor({ timeout: TIMEOUT_MS });
  await show(page.locator('.opblock-tag-section').first());
  save('api', await page.screenshot({ animations: 'disabled' }), 150);
}

/** A person signs in and calls a service, an operator ends the session, and the next call is refused. */
async function pictureOfTour(context, consoleLink) {
  const frames = [];
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
    frames.push({ png: await of.screenshot({ animations: 'disabled' }), seconds: 7 });
  };

  const page = await context.newPage();
  await page.goto(`${ADDRESS}/playground`);
  await page.locator('#who[data-status="signed-out"]').waitFor();
  await frame(page, 'The playground of npm start: no one is signed in.');
  await signIn(page, 'Grace Hopper');
  await frame(page, 'Grace opens the Mini App: what Telegram signed is verified, and a session begins.');
  await callService(page);
  await frame(page, 'A service behind the gateway learns who calls, by a token that it verifies itself.');

  const operator = await context.newPage();
  await operator.goto(consoleLink);
  await operator.getByRole('button', { name: 'Sign out' }).waitFor();
  const person = page.getByRole('link', { name: 'Open this person in the console' });
  await operator.goto(await person.getAttribute('href'));
  await operator.getByRole('button', { name: 'End', exact: true }).waitFor();
  await frame(operator, 'An operator has Grace before them in the console ...');
  await operator.getByRole('button', { name: 'End', exact: true }).click();
  const dialog = operator.getByRole('dialog');
  await dialog.waitFor();
  await frame(operator, '... and ends her session.');
  await dialog.getByRole('button', { name: 'End', exact: true }).click();
  await dialog.getByRole('heading', { name: 'Done' }).waitFor();
  await frame(operator, 'The audit trail says who did it.');
  await callService(page);
  await frame(page, 'The next call is refused, at the gateway too.');
  save('tour', animatedPng(frames, 3), 500);
}

function save(name, bytes, maxKib) {
  const path = inClone('docs', 'pictures', `${name}.png`);
  if (bytes.length > maxKib * KIB)
    throw new Sentence(`${path} would have ${bytes.length} bytes: ${maxKib} KiB are the most.`);
  writeFileSync(path, bytes);
  say(`${path}: ${bytes.length} bytes`);
}
