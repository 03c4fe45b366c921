import { SystemClock } from '@countersign/clock';
import { generateKeyRing, KeyRing } from '@countersign/crypto';
import type { Database, Notifications } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { createLogger, Metrics, SideTasks } from '@countersign/observability';
import { Heartbeat } from './heartbeat';
import type { RingKeysRepository } from './store/ring-keys.repository';
import { WrongKeyError, type RingStates } from './ring-states';

describe('Heartbeat', () => {
  let now = 0;
  let announce: () => void = () => undefined;
  const verify = jest.fn<Promise<void>, []>();
  let ring: KeyRing;
  let heartbeat: Heartbeat;

  beforeEach(async () => {
    now = 1_000_000;
    jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    verify.mockReset().mockResolvedValue();
    ring = KeyRing.parse(JSON.stringify(generateKeyRing()));
    const notifications = {
      subscribe: (_: string, subscription: { onGap: () => void }) => {
        announce = subscription.onGap;
      },
    };
    heartbeat = new Heartbeat(
      { verify } as unknown as RingStates,
      {} as RingKeysRepository,
      ring,
      { transaction: () => Promise.resolve() } as unknown as Database,
      notifications as unknown as Notifications,
      new SystemClock(),
      createLogger('silent'),
      new SideTasks(createLogger('silent'), new Metrics()),
    );
    await heartbeat.start('1.2.3');
  });

  afterEach(async () => {
    await heartbeat.beforeApplicationShutdown();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  /** What a notification makes it do. */
  async function beat(): Promise<void> {
    const before = verify.mock.calls.length;
    announce();
    await nextBeat(before);
  }

  /** The one after so many. */
  async function nextBeat(before: number): Promise<void> {
    while (verify.mock.calls.length === before) {
      jest.advanceTimersByTime(10_000);
      await new Promise(setImmediate);
    }
    await new Promise(setImmediate);
  }

  function isUsable(): boolean {
    try {
      ring.active('sealing');
      ring.all('index');
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('service.unavailable');
      return false;
    }
  }

  it('lets the ring be used for 40 seconds after the start of a heartbeat that succeeded', async () => {
    now += 40_000;
    expect(isUsable()).toBe(true);
    now += 1;
    expect(isUsable()).toBe(false);
    expect(ring.active('token')).toBeDefined();

    await beat();
    expect(isUsable()).toBe(true);
  });

  it('counts from before the transaction, which may take long', async () => {
    verify.mockImplementation(() => {
      now += 30_000;
      return Promise.resolve();
    });
    await beat();

    now += 10_001;
    expect(isUsable()).toBe(false);
  });

  it('goes on within its lease while the database is away', async () => {
    verify.mockRejectedValue(new Error('away'));
    now += 20_000;
    await beat();

    expect(isUsable()).toBe(true);
    expect(heartbeat.problem).toBeNull();
    now += 20_001;
    expect(isUsable()).toBe(false);
  });

  it('stops at once when the ring is wrong, says why, and recovers', async () => {
    verify.mockRejectedValue(new WrongKeyError('The key ring lacks k9.'));
    await beat();

    expect(isUsable()).toBe(false);
    expect(heartbeat.problem).toBe('The key ring lacks k9.');

    verify.mockResolvedValue();
    await beat();
    expect(isUsable()).toBe(true);
    expect(heartbeat.problem).toBeNull();
  });

  it('beats once more for a change that it heard of during a heartbeat', async () => {
    let release: () => void = () => undefined;
    verify.mockImplementationOnce(() => new Promise((resolve) => (release = resolve)));
    await beat();
    announce();
    announce();
    const during = verify.mock.calls.length;
    release();
    await nextBeat(during);

    expect(verify.mock.calls.length).toBe(during + 1);
  });
});
