import './lib/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from './lib/build.mjs';
import { runQuietly, runTogether, startCountersign } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

/** `npm run pictures` makes the pictures of the console, and the moving one, anew: with a new database and made-up people. */

const TO = inClone('docs', 'pictures');
const PORT = 3130;
const PEOPLE = 30;
/** The first of the playground's people, Ada. */
const ADA = 4_000_000_000_000_001;
const SCENE_SECONDS = 6;
/** Milliseconds in which a page has loaded what an act leads to. */
const SETTLE_MS = 3_000;
const DESK = { width: 1280, height: 940 };
const PHONE = { width: 400, height: 640 };
const OPERATOR = { width: 880, height: 640 };

await main(async () => {
  requirePrograms('The pictures', ['chromium', 'ffmpeg']);
  await ensureInstalled();
  await ensureBuilt();
  await runTogether(async (children, folder) => {
    const data = join(folder, 'data');
    const service = await startCountersign(children, { data, ports: [PORT, PORT + 1, PORT + 2], more: {} });
    if (service === null) return;
    await liveThirtyDays(data, service);
    const { chromium } = await import('playwright-core');
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'];
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
    try {
      const operator = await browser.newPage({ viewport: DESK, locale: 'en-GB' });
      const { url, principal } = JSON.parse(readFileSync(join(data, 'operator.json'), 'utf8'));
      await signIn(operator, url, principal);
      await takeStills(operator);
      await takeTour(browser, operator, service.address, folder);
    } finally {
      await browser.close();
    }
    say(`Look at each picture in ${TO}.`);
    process.kill(process.pid, 'SIGTERM');
  });
});

/** Counters of a month, and people who sign in today. */
async function liveThirtyDays(data, { address, applicationId }) {
  const { default: pg } = await import('pg');
  const database = new pg.Client(readFileSync(join(data, 'postgres', 'database-url'), 'utf8').trim());
  await database.connect();
  await database.query(
    `INSERT INTO daily_counters (day, name, application_id, code, count)
     SELECT current_date - ago, name, $1::uuid, code, round(usual * (1.6 - ago / 50.0 + 0.25 * sin(ago * 0.9)))
     FROM generate_series(0, 29) AS ago, (VALUES ('session.opened', '', 410), ('user.created', '', 70),
       ('session.active', '', 900), ('call.refused', 'auth.proof_expired', 9), ('call.refused', 'session.ended', 14))
       AS counted (name, code, usual)
     UNION ALL SELECT current_date - 8, 'call.refused', $1::uuid, 'auth.signature_invalid', 160`,
    [applicationId],
  );
  await database.end();
  const ids = Array.from({ length: PEOPLE }, (_, index) => ADA + PEOPLE - index);
  // The last one has several sessions.
  for (const id of [...ids, ADA + 1, ADA + 1]) {
    const { initData } = await post(`${address}/playground/init-data`, { id });
    await post(`${address}/v1/auth/telegram/init-data`, { applicationId, initData });
  }
}

async function post(url, body) {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

async function signIn(page, url, principal) {
  const [principalId, secret] = principal.split(':');
  await page.goto(`${url}/console`);
  await page.getByLabel('Principal').fill(principalId);
  await page.getByLabel('Secret', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

async function takeStills(page) {
  const still = async (name) => {
    await sleep(SETTLE_MS);
    await page.screenshot({ path: join(TO, `${name}.png`) });
  };
  await still('console-home');
  await page.getByRole('link', { name: 'People' }).click();
  await page.locator('td a').first().click();
  await still('console-person');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('link', { name: 'Principals' }).click();
  await page.getByRole('button', { name: 'Create a principal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('support desk');
  await dialog.getByRole('button', { name: 'Support' }).click();
  await dialog.getByRole('button', { name: 'Create a principal' }).click();
  await still('console-secret');
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The phone of a person beside the screen of an operator, a scene after the other. */
async function takeTour(browser, operator, address, folder) {
  const phone = await browser.newPage({ viewport: PHONE });
  const stage = await browser.newPage({ viewport: { width: DESK.width, height: PHONE.height + 60 } });
  await operator.setViewportSize(OPERATOR);
  await operator.getByRole('link', { name: 'Home' }).click();
  const press = (page, name) => page.getByRole('button', { name, exact: true }).last().click();
  const callService = async () => {
    await press(phone, 'Show my profile');
    await phone.locator('#people .outcome').scrollIntoViewIfNeeded();
  };
  const scenes = [
    [
      'Left: the Mini App of a person, here a playground. Right: the console of an operator.',
      () => phone.goto(`${address}/playground`),
    ],
    [
      'Ada opens the Mini App. Telegram signed who she is, and no one types a password.',
      () => press(phone, 'Ada Lovelace'),
    ],
    ['Her app calls with her session: it lives.', callService],
    [
      'She reports a lost phone. The operator looks for her Telegram ID ...',
      () => operator.getByLabel('@username').fill(String(ADA)),
    ],
    ['... and sees her sessions, without any personal field.', () => press(operator, 'Find')],
    ['Each act first says what it does.', () => press(operator, 'End')],
    ['The session has ended, and the audit trail has a record.', () => press(operator, 'End')],
    ['The next call from the phone is refused.', callService],
    [
      'The history says in words who did it, and when.',
      () => operator.getByRole('tab', { name: 'History' }).click(),
    ],
  ];
  const names = scenes.map((_, index) => join(folder, `scene-${index}.png`));
  for (const [index, [text, act]] of scenes.entries()) {
    await act();
    await sleep(SETTLE_MS);
    const shots = [await phone.screenshot(), await operator.screenshot()];
    const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString('base64')}" />`);
    await stage.setContent(
      `<body style="margin: 0; background: #10202f; color: #fff; font: 600 22px/60px sans-serif">
       <div style="display: flex">${images.join('')}</div><div style="padding: 0 24px">${text}</div></body>`,
    );
    await stage.screenshot({ path: names[index] });
  }
  const list = names.map((name) => `file '${name}'\nduration ${SCENE_SECONDS}\n`).join('');
  // The last duration counts only before another file.
  writeFileSync(join(folder, 'scenes.txt'), `${list}file '${names.at(-1)}'\n`);
  const input = ['-y', '-f', 'concat', '-safe', '0', '-i', join(folder, 'scenes.txt'), '-fps_mode', 'vfr'];
  const coding = ['-c:v', 'libwebp_anim', '-lossless', '0', '-q:v', '70', '-loop', '0'];
  await runQuietly('ffmpeg', [...input, ...coding, join(TO, 'tour.webp')]);
}
