import { aNameServer } from '../testing/name-server';
import { checkedLookup, resolveByDns } from './checked-lookup';

const lookup = jest.fn<Promise<readonly { address: string; family: number }[]>, [name: string]>();
jest.mock('node:dns/promises', () => ({
  ...jest.requireActual<object>('node:dns/promises'),
  lookup: (name: string) => lookup(name),
}));

describe('the DNS', () => {
  it('is asked for both kinds of addresses, and one is enough', async () => {
    const server = await aNameServer((_name, type) => (type === 'A' ? '192.0.2.7' : null));

    await expect(resolveByDns('hooks.example.com', [server.address])).resolves.toEqual(['192.0.2.7']);
    expect(server.questions.sort()).toEqual(['hooks.example.com A', 'hooks.example.com AAAA']);
    await server.stop();
  });

  it('has no address for a name without records', async () => {
    const server = await aNameServer(() => null);

    await expect(resolveByDns('hooks.example.com', [server.address])).rejects.toThrow('no address');
    await server.stop();
  });
});

describe('the operating system', () => {
  const NAMES = ['dead.internal', 'lost.internal', 'alive.internal'];
  const look = checkedLookup(
    8080,
    NAMES.map((name) => ({ kind: 'name', name, port: null })),
  );
  const find = (name: string) =>
    new Promise<string>((resolve) => {
      look(name, {}, (error, address) => resolve(error ? error.message : String(address)));
    });
  const answers = new Map<string, () => void>();

  beforeEach(() => {
    jest.useFakeTimers();
    answers.clear();
    lookup.mockReset().mockImplementation((name) => {
      const found = [{ address: '10.0.0.7', family: 4 }];
      if (name === 'alive.internal') return Promise.resolve(found);
      return new Promise((resolve) => answers.set(name, () => resolve(found)));
    });
  });
  afterEach(async () => {
    for (const answer of answers.values()) answer();
    await jest.advanceTimersByTimeAsync(0);
    jest.useRealTimers();
  });

  it('is asked once for a name that does not answer, and goes on finding others', async () => {
    const dead = Array.from({ length: 5 }, () => find('dead.internal'));

    expect(await find('alive.internal')).toBe('10.0.0.7');
    expect(lookup.mock.calls).toEqual([['dead.internal'], ['alive.internal']]);
    await jest.advanceTimersByTimeAsync(5_001);
    expect(await Promise.all(dead)).toEqual(dead.map(() => expect.stringContaining('dns') as string));
    // The thread still waits: no second one does.
    const again = find('dead.internal');
    answers.get('dead.internal')?.();
    expect(await again).toBe('10.0.0.7');
    expect(lookup).toHaveBeenCalledTimes(2);
  });

  it('answers in time while no thread is free, and is not asked late', async () => {
    const waiting = [find('dead.internal'), find('lost.internal'), find('alive.internal')];

    await jest.advanceTimersByTimeAsync(5_001);

    expect(await Promise.all(waiting)).toEqual(waiting.map(() => expect.stringContaining('dns') as string));
    answers.get('dead.internal')?.();
    await jest.advanceTimersByTimeAsync(0);
    expect(lookup).toHaveBeenCalledTimes(2);
    expect(await find('alive.internal')).toBe('10.0.0.7');
  });
});
