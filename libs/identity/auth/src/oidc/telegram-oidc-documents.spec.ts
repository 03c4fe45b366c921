import { plusSeconds, type Clock } from '@countersign/runtime';
import { CachedDocument } from './telegram-oidc';

const HOUR = 3_600;

let now: Date;
let served: string | Error;
let asked: number;
let document: CachedDocument<string>;

beforeEach(() => {
  now = new Date('2026-11-20T12:00:00Z');
  served = 'one';
  asked = 0;
  const clock: Clock = { now: () => now };
  document = new CachedDocument(async () => {
    asked += 1;
    if (served instanceof Error) throw served;
    return served;
  }, clock);
});

function wait(seconds: number): void {
  now = plusSeconds(now, seconds);
}

describe('a cached document', () => {
  it('is asked for once an hour', async () => {
    expect([await document.get(), await document.get()]).toEqual(['one', 'one']);
    expect(asked).toBe(1);

    served = 'two';
    wait(HOUR - 1);
    expect(await document.get()).toBe('one');
    wait(1);
    expect(await document.get()).toBe('two');
    expect(asked).toBe(2);
  });

  it('is asked for once by calls at the same moment', async () => {
    await Promise.all([document.get(), document.get(), document.getNewer(), document.getNewer()]);

    expect(asked).toBe(1);
  });

  it('can be had newer when it is 30 seconds old, by one call', async () => {
    await document.get();
    served = 'two';
    wait(29);
    expect(await document.getNewer()).toBe('one');
    wait(1);
    expect(await Promise.all([document.getNewer(), document.getNewer()])).toEqual(['two', 'two']);
    expect(asked).toBe(2);
  });

  it('is there again as soon as the server is, which was away', async () => {
    served = new Error('away');
    await expect(document.get()).rejects.toThrow('away');

    served = 'one';
    expect(await document.get()).toBe('one');
  });

  it('stays for its hour where a newer one cannot be had', async () => {
    await document.get();
    served = new Error('away');
    wait(30);
    await expect(document.getNewer()).rejects.toThrow('away');
    expect(await document.get()).toBe('one');

    wait(HOUR);
    await expect(document.get()).rejects.toThrow('away');
  });

  it('does not live for ever by a clock that was set back', async () => {
    await document.get();
    served = 'two';
    wait(-10 * HOUR);

    expect(await document.get()).toBe('two');
  });
});
