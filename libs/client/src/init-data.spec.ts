import { personIn, readInitData } from './init-data.js';

function launchedAt(date: number): string {
  return `user=${encodeURIComponent(`{"id":${date},"first_name":"\\"id\\":1"}`)}&auth_date=${date}&hash=00`;
}

afterEach(() => {
  for (const name of ['Telegram', 'location', 'sessionStorage']) Reflect.deleteProperty(globalThis, name);
});

describe('init data of the page', () => {
  it('is none on a server, and where storage is blocked', () => {
    expect(readInitData()).toBeNull();
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('No', 'SecurityError');
      },
    });
    expect(readInitData()).toBeNull();
  });

  it.each([
    ['Telegram', 3, 1, 2],
    ['the fragment', 1, 3, 2],
    ['what was stored for a reload', 1, 2, 3],
    ['the fragment, where Telegram has none', null, 3, 2],
  ])('is that of %s where it is the newest', (_, telegram, fragment, stored) => {
    Object.assign(globalThis, {
      Telegram: { WebApp: { initData: telegram === null ? '' : launchedAt(telegram) } },
      location: { hash: `#tgWebAppData=${encodeURIComponent(launchedAt(fragment))}&tgWebAppVersion=9.0` },
      sessionStorage: { getItem: () => JSON.stringify({ tgWebAppData: launchedAt(stored) }) },
    });

    expect(readInitData()).toBe(launchedAt(3));
  });

  it('names the person, to tell sessions apart', () => {
    expect(personIn(launchedAt(42))).toBe('42');
    expect([personIn(null), personIn('user=%'), personIn('auth_date=1')]).toEqual(['', '', '']);
  });
});
