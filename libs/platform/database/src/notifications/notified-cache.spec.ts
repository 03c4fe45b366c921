import type { Notifications, Subscription } from './notifications';
import { NotifiedCache, type NotifiedCacheOptions } from './notified-cache';

const START = Date.parse('2026-11-20T12:00:00Z');

interface Row {
  readonly text: string;
}

interface Reading {
  readonly key: string;
  readonly answer: (row: Row | null) => void;
  readonly fail: () => void;
}

/** A cache whose statements are answered by hand. */
class Harness {
  readonly readings: Reading[] = [];
  readonly results: string[] = [];
  readonly cache: NotifiedCache<Row>;
  isLive = true;
  private readonly subscriptions: Subscription[] = [];
  private seconds = 0;

  constructor(options: Partial<NotifiedCacheOptions<Row>> = {}) {
    const subscribe = (_channel: string, subscription: Subscription): void => {
      this.subscriptions.push(subscription);
    };
    const isLive = (): boolean => this.isLive;
    const notifications = {
      get isLive(): boolean {
        return isLive();
      },
      subscribe,
    };
    this.cache = new NotifiedCache(
      notifications as unknown as Notifications,
      { now: () => this.now },
      {
        channel: 'rows_changed',
        freshSeconds: 30,
        entries: 100,
        watch: (result) => this.results.push(result),
        read: (key) =>
          new Promise((resolve, reject) => {
            const fail = (): void => {
              reject(new Error('the database is away'));
            };
            this.readings.push({ key, answer: resolve, fail });
          }),
        ...options,
      },
    );
  }

  get now(): Date {
    return new Date(START + this.seconds * 1_000);
  }

  moveTo(seconds: number): void {
    this.seconds = seconds;
  }

  hear(payload: string): void {
    for (const subscription of this.subscriptions) subscription.onMessage(payload);
  }

  missMessages(): void {
    for (const subscription of this.subscriptions) subscription.onGap();
  }

  peek(key: string): Row | null | undefined {
    return this.cache.peek(key, this.now);
  }

  /** Answers a statement, counted from zero, and lets what waits for it go on. */
  async answer(place: number, row: Row | null): Promise<void> {
    this.readings[place]?.answer(row);
    await turn();
  }

  async remember(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const loading = this.cache.load(key);
      await this.answer(this.readings.length - 1, { text: key });
      await loading;
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('rows in memory', () => {
  it('are as old as the question, however late the answer comes', async () => {
    const harness = new Harness();
    const loading = harness.cache.load('one');
    harness.moveTo(20);
    await harness.answer(0, { text: 'one' });
    await loading;

    harness.moveTo(29.999);
    expect(harness.peek('one')).toEqual({ text: 'one' });
    harness.moveTo(30);
    expect(harness.peek('one')).toBeUndefined();
  });

  it.each<[string, string, readonly (string | undefined)[]]>([
    ['one key', 'two', ['one', undefined, 'three']],
    ['several keys', 'one,three', [undefined, 'two', undefined]],
    ['a key that nobody has', 'four', ['one', 'two', 'three']],
    ['something before the keys', '@1763640000000,one', [undefined, 'two', 'three']],
    ['nothing, which means all', '', [undefined, undefined, undefined]],
  ])('are forgotten by a message with %s', async (_, payload, left) => {
    const harness = new Harness();
    await harness.remember('one', 'two', 'three');

    harness.hear(payload);

    expect(['one', 'two', 'three'].map((key) => harness.peek(key)?.text)).toEqual(left);
  });

  it('are forgotten where messages may have been missed', async () => {
    const harness = new Harness();
    await harness.remember('one', 'two');

    harness.missMessages();

    expect(harness.cache.size).toBe(0);
  });

  it.each<[string, (harness: Harness) => void]>([
    ['a message', (harness) => harness.hear('one')],
    ['a message for all', (harness) => harness.hear('')],
    ['a gap', (harness) => harness.missMessages()],
    ['this process', (harness) => harness.cache.drop('one')],
  ])('are read again for everybody when %s forgets them while they are on their way', async (_, forget) => {
    const harness = new Harness();
    const askers = [harness.cache.load('one'), harness.cache.load('one')];
    forget(harness);
    const later = harness.cache.load('one');
    expect(harness.readings).toHaveLength(2);

    await harness.answer(0, { text: 'older' });
    expect(harness.peek('one')).toBeUndefined();
    await harness.answer(1, { text: 'newer' });

    expect(await Promise.all([...askers, later])).toEqual(Array(3).fill({ text: 'newer' }));
    expect(harness.peek('one')).toEqual({ text: 'newer' });
    expect(harness.readings).toHaveLength(2);
  });

  it('are not replaced by an older answer that comes after a newer one', async () => {
    const harness = new Harness();
    const first = harness.cache.load('one');
    harness.hear('one');
    const second = harness.cache.load('one');
    await harness.answer(1, { text: 'newer' });
    const third = harness.cache.load('one');
    await harness.answer(0, { text: 'older' });

    expect(harness.peek('one')).toEqual({ text: 'newer' });
    expect(harness.cache.isLoading('one')).toBe(true);
    await harness.answer(2, { text: 'newest' });
    expect(await Promise.all([first, second, third])).toEqual(
      ['newest', 'newer', 'newest'].map((text) => ({ text })),
    );
  });

  it('are not remembered, and not given up, when the statement fails', async () => {
    const harness = new Harness();
    const askers = [harness.cache.load('one'), harness.cache.load('one')].map((loading) =>
      expect(loading).rejects.toThrow('the database is away'),
    );
    harness.readings[0]?.fail();
    await Promise.all(askers);
    expect(harness.cache.isLoading('one')).toBe(false);

    await harness.remember('one');
    expect(harness.peek('one')).toEqual({ text: 'one' });
  });

  it.each<[string, (reading: Reading | undefined) => void]>([
    ['answered', (reading) => reading?.answer({ text: 'older' })],
    ['failed', (reading) => reading?.fail()],
  ])('are read anew by a statement that begins when the one under way has %s', async (_, end) => {
    const harness = new Harness();
    const running = harness.cache.load('one').catch(() => null);
    const anew = [harness.cache.loadAnew('one'), harness.cache.loadAnew('one')];
    await turn();
    expect(harness.readings).toHaveLength(1);

    end(harness.readings[0]);
    await running;
    await turn();
    await harness.answer(1, { text: 'newer' });

    expect(await Promise.all(anew)).toEqual([{ text: 'newer' }, { text: 'newer' }]);
    expect(harness.readings).toHaveLength(2);
  });

  it('are bounded by number, and those that nobody asks for go first', async () => {
    const harness = new Harness({ entries: 3 });
    await harness.remember('one', 'two', 'three');
    harness.peek('one');
    await harness.remember('four');

    expect(harness.cache.size).toBe(3);
    expect(['one', 'two', 'three', 'four'].map((key) => harness.peek(key)?.text)).toEqual([
      'one',
      undefined,
      'three',
      'four',
    ]);
  });
});
