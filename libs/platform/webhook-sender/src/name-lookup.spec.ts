import { aNameServer } from '../testing/name-server';
import { NameLookups, resolveByDns, type ResolveName } from './name-lookup';

const LIMITS = { lookupMs: 60_000, dnsLookups: 2, systemLookups: 1 };
const { signal: never } = new AbortController();

/** Answers when it is told to. */
function aResolver() {
  const asked: string[] = [];
  const pending = new Map<string, (addresses: readonly string[]) => void>();
  const resolve: ResolveName = (name) => {
    asked.push(name);
    return new Promise((answer) => pending.set(name, answer));
  };
  const answer = (name: string): void => pending.get(name)?.([`address of ${name}`]);
  return { asked, resolve, answer };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('the DNS', () => {
  it('is asked for both kinds of addresses, and one is enough', async () => {
    const server = await aNameServer((_name, type) => (type === 'A' ? '192.0.2.7' : null));

    await expect(resolveByDns('hooks.example.com', never, [server.address])).resolves.toEqual(['192.0.2.7']);
    expect(server.questions.sort()).toEqual(['hooks.example.com A', 'hooks.example.com AAAA']);
    await server.stop();
  });

  it('has no address for a name without records', async () => {
    const server = await aNameServer(() => null);

    await expect(resolveByDns('hooks.example.com', never, [server.address])).rejects.toThrow('no address');
    await server.stop();
  });

  it('is not waited for after the limit; an answer that is here by then counts', async () => {
    const server = await aNameServer((name, type) =>
      name.startsWith('half') && type === 'A' ? '192.0.2.7' : undefined,
    );
    const limits = { ...LIMITS, lookupMs: 300 };
    const names = new NameLookups(limits, (name, signal) => resolveByDns(name, signal, [server.address]));

    const [half, none] = await Promise.allSettled([
      names.addressesOf('half.example.com', false),
      names.addressesOf('none.example.com', false),
    ]);

    expect(half).toEqual({ status: 'fulfilled', value: ['192.0.2.7'] });
    expect(none.status).toBe('rejected');
    await server.stop();
  });
});

describe('look-ups', () => {
  it('of one name share an answer, which is not kept', async () => {
    const { asked, resolve, answer } = aResolver();
    const names = new NameLookups(LIMITS, resolve);
    const both = [names.addressesOf('one', false), names.addressesOf('one', false)];
    await soon();
    answer('one');

    await expect(Promise.all(both)).resolves.toEqual([['address of one'], ['address of one']]);
    expect(asked).toEqual(['one']);
    const again = names.addressesOf('one', false);
    await soon();
    answer('one');
    await again;
    expect(asked).toEqual(['one', 'one']);
  });

  it('are bounded, those by the system apart from those by the DNS', async () => {
    const { asked, resolve, answer } = aResolver();
    const names = new NameLookups(LIMITS, resolve);
    const all = [
      ...['one', 'two', 'three'].map((name) => names.addressesOf(name, false)),
      ...['four', 'five'].map((name) => names.addressesOf(name, true)),
    ];
    await soon();

    expect(asked).toEqual(['one', 'two', 'four']);
    answer('two');
    answer('four');
    await soon();
    expect(asked).toEqual(['one', 'two', 'four', 'three', 'five']);
    for (const name of asked) answer(name);
    await Promise.all(all);
  });

  it('that hang keep their place after the limit, and let others have theirs', async () => {
    const { asked, resolve, answer } = aResolver();
    const names = new NameLookups({ ...LIMITS, lookupMs: 50 }, resolve);
    const hanging = names.addressesOf('hanging', true);
    const waiting = names.addressesOf('waiting', true);

    await expect(Promise.allSettled([hanging, waiting])).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    expect(asked).toEqual(['hanging']);
    const other = names.addressesOf('other', false);
    await new Promise(setImmediate);
    answer('other');
    await expect(other).resolves.toEqual(['address of other']);
    answer('hanging');
    await soon();
    const next = names.addressesOf('next', true);
    await new Promise(setImmediate);
    answer('next');
    await expect(next).resolves.toEqual(['address of next']);
  });

  it('end when they are closed', async () => {
    const { resolve } = aResolver();
    const names = new NameLookups(LIMITS, resolve);
    const looked = names.addressesOf('one', false);
    await soon();
    names.close();

    await expect(looked).rejects.toThrow('closed');
  });

  it('of names on the list know what the system knows', async () => {
    const names = new NameLookups(LIMITS);

    expect(await names.addressesOf('localhost', true)).toContain('127.0.0.1');
  });
});
