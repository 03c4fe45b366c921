import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tma from '@tma.js/init-data-node';
import type { Browser, Page } from 'playwright-core';
import { signRecord } from '@countersign/rapidpace';
import { launchBrowser } from './support/browser';

const TOKEN = '123456789:made-up';
const user = { id: 42, first_name: 'Ada', username: 'ada' };

describe('the page that explains refused proofs', () => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(__dirname, '../../docs/explain.html')).href);
  });
  afterAll(() => browser.close());

  const initData = () => tma.sign({ user }, TOKEN, new Date());

  async function verdict(proof: string, secret = TOKEN): Promise<string> {
    await page.fill('#proof', '');
    await page.fill('#secret', secret);
    await page.fill('#proof', proof);
    await page.waitForFunction(`document.getElementById('verdict').textContent !== ''`);
    return (await page.textContent('#verdict')) ?? '';
  }
  const rules = () => page.locator('#rules li').allTextContents();

  it('accepts what is right, and shows whom it names', async () => {
    expect(await verdict(initData())).toBe('The service would accept it, once.');
    expect(await page.textContent('#content')).toContain('"firstName":"Ada"');
  });

  it.each([
    ['another bot’s token', () => initData(), '1:other', /hash does not match.*\(init_data\.hash_mismatch\)/],
    ['a changed person', () => initData().replace('Ada', 'Eve'), TOKEN, /init_data\.hash_mismatch/],
    ['two people', () => `user=%7B%22id%22%3A1%7D&${initData()}`, TOKEN, /occurs twice/],
    [
      'a login without a hash',
      () => 'id=42&first_name=Ada&auth_date=1760000000',
      TOKEN,
      /login_widget\.hash_missing/,
    ],
  ])('names the rule for %s', async (_, proof, secret, said) => {
    expect(await verdict(proof(), secret)).toMatch(said);
    expect((await rules()).filter((rule) => rule.endsWith('(wrong)'))).toHaveLength(1);
  });

  it('says what it could not check without a token', async () => {
    expect(await verdict(initData(), '')).toMatch(/Not checked: hash/);
  });

  it('reads a link of Rapidpace', async () => {
    const record = new Map([
      ['auth_date', String(Math.floor(Date.now() / 1000))],
      ['telegram_id', '42'],
    ]);
    const link = (secret: string) =>
      `https://id.example.com/r?${new URLSearchParams([...record, ['x-urm-hmac', signRecord(record, secret)]]).toString()}`;
    expect(await verdict(link('shared'), 'shared')).toBe('The service would accept it, once.');
    expect(await verdict(link('other'), 'shared')).toMatch(/rapidpace\.hmac_mismatch/);
  });

  it('asks no one for anything, and may not', async () => {
    expect(requests).toHaveLength(1);
    const asked = page.evaluate(`fetch('https://example.com/').then(() => 'sent', () => 'refused')`);
    expect(await asked).toBe('refused');
    await page.setViewportSize({ width: 390, height: 800 });
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(isWide).toBe(false);
  });
});
