import { Test, type TestingModule } from '@nestjs/testing';
import {
  ClockModule,
  ConfigModule,
  createLogger,
  ObservabilityModule,
  readConfiguration,
} from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';
import { LimitsModule, OneTimeMarks, RateLimits, SharedStore, type LimitRule } from '@countersign/http';
import { times } from '../factories';
import { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';
import { RedisServer } from './support/redis';

const PASSWORD = 'hidden-word';
const AWAY = 'a side task failed: it is tried again';
const BACK = 'a side task works again';
/** Ten times what a call may wait: the machine may be busy, and a call that hangs takes longer. */
const GENEROUS_MS = 1_000;

const rule: LimitRule = { name: 'test', limit: 10, window: 600 };
const keys = JSON.stringify(generateKeyRing());

/** The limits of one process. */
class Replica {
  private constructor(
    private readonly module: TestingModule,
    readonly logLines: readonly string[],
  ) {}

  static async start(redisUrl: string): Promise<Replica> {
    const logLines: string[] = [];
    const configuration = readConfiguration({
      NODE_ENV: 'test',
      DATABASE_URL: 'postgresql://localhost/none',
      KEYS: keys,
      REDIS_URL: redisUrl,
    });
    const logger = createLogger('debug', { write: (line) => logLines.push(line) });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger), ClockModule, LimitsModule],
    }).compile();
    await module.get(SharedStore).start();
    return new Replica(module, logLines);
  }

  get limits(): RateLimits {
    return this.module.get(RateLimits);
  }

  get marks(): OneTimeMarks {
    return this.module.get(OneTimeMarks);
  }

  /** Its messages, those in a row once: a connection that ends and one that is refused are two errors. */
  get said(): string[] {
    const lines = this.logLines.map((line) => JSON.parse(line) as { level: string; msg: string });
    const messages = lines.filter(({ level }) => level !== 'debug').map(({ msg }) => msg);
    return messages.filter((message, index) => message !== messages[index - 1]);
  }

  close(): Promise<void> {
    return this.module.close();
  }
}

async function slowestOf(calls: readonly (() => Promise<unknown>)[]): Promise<number> {
  const durations = await Promise.all(
    calls.map(async (call) => {
      const start = performance.now();
      await call();
      return performance.now() - start;
    }),
  );
  return Math.max(...durations);
}

describe('limits shared through Redis', () => {
  let redis: RedisServer;
  let one: Replica;
  let other: Replica;
  let key: readonly string[];
  let turn = 0;

  beforeAll(async () => {
    redis = await RedisServer.start(PASSWORD);
  });

  afterAll(() => redis.kill());

  beforeEach(async () => {
    key = ['user', `279058397-${turn++}`];
    await redis.restore();
    one = await Replica.start(redis.url);
    other = await Replica.start(redis.url);
  });

  afterEach(async () => {
    await one.close();
    await other.close();
    for (const line of [...one.logLines, ...other.logLines]) expect(line).not.toContain(PASSWORD);
  });

  /** How many calls are left, which it uses up. */
  async function leftOf({ limits }: Replica): Promise<number> {
    for (let count = 0; ; count += 1) if (!(await limits.consume(rule, key)).isAllowed) return count;
  }

  it('count together, however parallel the calls', async () => {
    const verdicts = await Promise.all(
      times(40, (index) => (index % 2 ? one : other).limits.consume(rule, key)),
    );

    expect([one.limits.isShared, other.limits.isShared]).toEqual([true, true]);
    expect(verdicts.filter(({ isAllowed }) => isAllowed)).toHaveLength(10);
    expect(await other.limits.peek(rule, key)).toMatchObject({ isAllowed: false });
  });

  it('peek without counting', async () => {
    const peeks = await Promise.all(times(20, () => one.limits.peek(rule, key)));

    expect(peeks).toEqual(Array(20).fill({ isAllowed: true, resetIn: 600 }));
  });

  it('end with the window that the first call began, not later', async () => {
    const short = { ...rule, limit: 1, window: 1 };
    const first = await one.limits.consume(short, key);
    const second = await other.limits.consume(short, key);
    await until(async () => (await other.limits.peek(short, key)).isAllowed);

    expect([first, second].map(({ isAllowed, resetIn }) => ({ isAllowed, resetIn }))).toEqual([
      { isAllowed: true, resetIn: 1 },
      { isAllowed: false, resetIn: 1 },
    ]);
    expect(await one.limits.consume(short, key)).toMatchObject({ isAllowed: true });
  });

  it('leave nothing in Redis that tells a person, and nothing that stays for ever', async () => {
    await one.limits.consume(rule, key);
    await one.marks.claim(Buffer.from('proof of 279058397'), 60, 'owner');
    const kept = await redis.ask(async (client) => {
      const names = await client.keys('*');
      const lifetimes = await Promise.all(names.map((name) => client.pttl(name)));
      return names.map((name, index) => ({ name, lifetime: lifetimes[index] }));
    });

    expect(kept.length).toBeGreaterThanOrEqual(2);
    for (const { name, lifetime } of kept) {
      expect(name).toMatch(/^countersign:(probe|(limit|mark):[\w-]{43})$/);
      expect(lifetime).toBeGreaterThan(0);
    }
  });

  it('know a mark that another replica has seen', async () => {
    const claims = await Promise.all(
      times(20, (index) => (index % 2 ? one : other).marks.claim(Buffer.from(`mark-${turn}`), 60, 'owner')),
    );

    expect(claims.filter((claim) => claim === 'new')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'known')).toHaveLength(19);
  });

  it('go on in memory when Redis is killed, say so once, and share again when it is back', async () => {
    for (let index = 0; index < 4; index++) await one.limits.consume(rule, key);
    const killing = redis.kill();
    const slowest = await slowestOf(times(200, () => () => one.limits.consume(rule, ['crowd'])));
    await killing;
    await until(() => !one.limits.isShared && !other.limits.isShared);
    const alone = await one.limits.consume(rule, key);

    expect(slowest).toBeLessThan(GENEROUS_MS);
    // What this process counted while it shared still counts.
    expect(alone).toMatchObject({ isAllowed: true });
    expect([await leftOf(one), await leftOf(other)]).toEqual([5, 10]);

    await redis.restore();
    await until(() => one.limits.isShared && other.limits.isShared);
    await one.limits.consume(rule, key);

    expect(await leftOf(other)).toBe(9);
    expect([one.said, other.said]).toEqual([
      [AWAY, BACK],
      [AWAY, BACK],
    ]);
  });

  it('stall nobody while Redis hangs', async () => {
    await redis.whileHung(async () => {
      const crowd = times(200, () => () => one.limits.consume(rule, key));
      const proofs = times(200, (index) => () => one.marks.claim(Buffer.from(`hung-${index}`), 60, 'owner'));

      expect(await slowestOf([...crowd, ...proofs])).toBeLessThan(GENEROUS_MS);
      expect(one.limits.isShared).toBe(false);
      // Nobody tries again on the way of a call.
      const start = performance.now();
      for (let index = 0; index < 20; index++) await one.limits.consume(rule, key);
      expect(performance.now() - start).toBeLessThan(GENEROUS_MS);
      expect(await one.limits.peek(rule, key)).toMatchObject({ isAllowed: false });
      expect(await one.marks.claim(Buffer.from('hung-7'), 60, 'owner')).toBe('known');
      await until(() => !other.limits.isShared);
    });
    await until(() => one.limits.isShared && other.limits.isShared);

    expect([one.said, other.said]).toEqual([
      [AWAY, BACK],
      [AWAY, BACK],
    ]);
  });

  it('find out by themselves that packets are lost, and come back on a new connection', async () => {
    const network = await TcpProxy.start(redis.url);
    const remote = await Replica.start(network.url);
    try {
      expect(remote.limits.isShared).toBe(true);
      network.blackHole();
      await until(() => !remote.limits.isShared);
      await network.restore();
      await until(() => remote.limits.isShared);

      expect(remote.said).toEqual([AWAY, BACK]);
    } finally {
      await remote.close();
      await network.cut();
    }
  });

  it('count in memory while Redis takes no writes', async () => {
    await redis.ask((client) => client.config('SET', 'maxmemory', 1));
    try {
      for (let index = 0; index < 10; index++)
        expect(await one.limits.consume(rule, key)).toMatchObject({ isAllowed: true });
      expect(await one.limits.consume(rule, key)).toMatchObject({ isAllowed: false });
      expect(JSON.parse(one.logLines[0] ?? '')).toMatchObject({ msg: AWAY, reply: 'OOM' });
    } finally {
      await redis.ask((client) => client.config('SET', 'maxmemory', 0));
    }
    await until(() => one.limits.isShared);

    expect(one.said).toEqual([AWAY, BACK]);
  });

  it('start without Redis, say so once however often they try, and share as soon as it comes', async () => {
    await redis.kill();
    const late = await Replica.start(redis.url);
    try {
      expect(await leftOf(late)).toBe(10);
      // Three processes try.
      await redis.hangUpOn(7);
      expect(late.said).toEqual([AWAY]);
      await redis.restore();
      await until(() => late.limits.isShared);

      expect(late.said).toEqual([AWAY, BACK]);
    } finally {
      await late.close();
    }
  });

  it('name the reason when the password is wrong, and never the password', async () => {
    const stranger = await Replica.start(redis.url.replace(PASSWORD, 'other-word'));
    try {
      expect(stranger.limits.isShared).toBe(false);
      expect(stranger.said).toEqual([AWAY]);
      expect(JSON.parse(stranger.logLines[0] ?? '')).toMatchObject({ reply: 'WRONGPASS' });
      expect(stranger.logLines.join()).not.toContain('other-word');
    } finally {
      await stranger.close();
    }
  });
});
