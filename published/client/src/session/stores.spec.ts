import { storesOfPage, vaultOf } from './stores.js';

type Done = (error: string | null, value?: string | null) => void;

/** A store of Telegram's that answers as it is told. */
function ofTelegram(answer: (method: string, done: Done) => void) {
  return {
    getItem: (_: string, done: Done) => answer('getItem', done),
    setItem: (_: string, __: string, done: Done) => answer('setItem', done),
    removeItem: (_: string, done: Done) => answer('removeItem', done),
  };
}

function inPage(globals: object): void {
  Object.assign(globalThis, globals);
  names.push(...Object.keys(globals));
}
const names: string[] = [];

afterEach(() => {
  for (const name of names.splice(0)) Reflect.deleteProperty(globalThis, name);
});

describe('the stores of a page', () => {
  it('are none on a server', () => {
    expect(storesOfPage(false)).toEqual([]);
    expect(storesOfPage(true)).toEqual([]);
  });

  it('are those that last only without init data', () => {
    inPage({ location: {} });

    expect(storesOfPage(true)).toHaveLength(1);
    expect(storesOfPage(false)).toEqual(['SecureStorage', expect.any(Function), 'DeviceStorage']);
  });

  it('take a text where the first ones are missing, refuse, or never answer', async () => {
    const written: string[] = [];
    inPage({
      location: {},
      Telegram: {
        WebApp: {
          SecureStorage: ofTelegram((method, done) => done('UNSUPPORTED')),
          DeviceStorage: ofTelegram((method, done) => {
            written.push(method);
            done(null, 'kept');
          }),
        },
      },
      localStorage: {
        getItem: () => new Promise(() => undefined),
        setItem: () => new Promise(() => undefined),
        removeItem: () => undefined,
      },
    });
    const vault = vaultOf(storesOfPage(false), 'name');

    // Takes the second that a store has.
    await vault.write('value');

    expect(written).toEqual(['setItem']);
    expect(await vault.read()).toEqual(['kept']);
  });

  it('are asked at once where there is no Telegram', async () => {
    inPage({ location: {}, localStorage: new Map() });

    await vaultOf(storesOfPage(false), 'name').write('value');
  });
});
