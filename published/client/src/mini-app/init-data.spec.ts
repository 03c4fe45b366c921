import { personIn, readInitData } from './init-data.js';

function launchedAt(date: number): string {
  return `user=${encodeURIComponent(`{"id":${date},"first_name":"\\"id\\":1"}`)}&auth_date=${date}&hash=00`;
}

/** Gives the page what a browser, Telegram or its script would give it. */
function define(globals: object): void {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { configurable: true, get: () => value as unknown });
    names.push(name);
  }
}
const names: string[] = [];

afterEach(() => {
  for (const name of names.splice(0)) Reflect.deleteProperty(globalThis, name);
});

function aPage(telegram: string | null, inAddress: string | null, stored: string | null, protocol = 'http:') {
  const query = new URLSearchParams({ tgWebAppData: inAddress ?? '', tgWebAppVersion: '9.0' });
  define({
    parent: globalThis,
    Telegram: { WebApp: { initData: telegram ?? '' } },
    location: { protocol, hash: `#${inAddress ? query.toString() : ''}` },
    sessionStorage: { getItem: () => (stored ? JSON.stringify({ tgWebAppData: stored }) : null) },
  });
}

describe('init data of the page', () => {
  it('is none on a server, and where storage is blocked', () => {
    expect(readInitData()).toBeNull();
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('No', 'SecurityError');
      },
    });
    names.push('sessionStorage');
    expect(readInitData()).toBeNull();
  });

  it.each([
    [
      'Telegram, also where a link has changed the address since',
      launchedAt(1),
      launchedAt(3),
      launchedAt(2),
      1,
    ],
    ['the fragment', null, launchedAt(3), launchedAt(2), 3],
    ['what was stored for a reload', null, null, launchedAt(2), 2],
  ])('is that of %s', (_, telegram, inAddress, stored, date) => {
    aPage(telegram, inAddress, stored);

    expect(readInitData()).toBe(launchedAt(date));
  });

  it.each([
    ['Telegram', launchedAt(1), null, null],
    ['the fragment', null, launchedAt(1), null],
    ['what was stored', null, null, launchedAt(1)],
  ])(
    'is not taken from %s where an https: page is opened outside Telegram',
    (_, telegram, inAddress, stored) => {
      aPage(telegram, inAddress, stored, 'https:');

      expect(readInitData()).toBeNull();
    },
  );

  it.each([
    ['a client for phones or desktops', { TelegramWebviewProxy: {} }],
    ['an older client for Windows', { external: { notify: () => undefined } }],
    ['a client on the web, which frames the page', { parent: {} }],
  ])('is taken where an https: page is opened by %s', (_, client) => {
    aPage(null, launchedAt(1), null, 'https:');
    define(client);

    expect(readInitData()).toBe(launchedAt(1));
  });

  it('names the person, to tell sessions apart', () => {
    expect(personIn(launchedAt(42))).toBe('42');
    expect([personIn(null), personIn('user=%'), personIn('auth_date=1')]).toEqual(['', '', '']);
  });
});
