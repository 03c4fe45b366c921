import { randomUUID } from 'node:crypto';
import type { Database } from '@countersign/database';
import { Metrics, SideTasks, type Logger } from '@countersign/runtime';
import type { AccessSession } from '../session';
import type { SessionsRepository } from '../store/sessions.repository';
import { SlideWriter } from './slide-writer';

const START = Date.parse('2026-11-20T12:00:00Z');
const FIRST = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const SECOND = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a12';
const at = (seconds: number): Date => new Date(START + seconds * 1_000);

function aSession(overrides: Partial<AccessSession> = {}): AccessSession {
  return {
    id: FIRST,
    accessDigest: Buffer.alloc(32, 'current'),
    accessIdleExpiresAt: at(1_800),
    accessExpiresAt: at(7_200),
    accessIdleIn: 1_800,
    ...overrides,
  } as AccessSession;
}

interface Written {
  readonly sessionId: string;
  readonly accessDigest: Buffer;
  readonly usedAt: Date;
  readonly deadline: Date;
}

/** Writes are answered at once, unless a test puts something in their way. */
class Harness {
  readonly written: Written[][] = [];
  readonly failures: unknown[] = [];
  readonly errors: string[] = [];
  readonly slides: SlideWriter;
  /** Answers the ids of sessions that are left out. */
  onWrite: () => Promise<unknown> = () => Promise.resolve([]);
  private now = at(0);

  constructor() {
    const repository = {
      slide: (_: unknown, batch: readonly Written[]) => {
        this.written.push(
          batch.map(({ sessionId, accessDigest, usedAt, deadline }) => {
            return { sessionId, accessDigest, usedAt, deadline };
          }),
        );
        return this.onWrite();
      },
    };
    const fail = (fields: unknown) => this.failures.push(fields);
    const error = (_fields: unknown, message: string) => this.errors.push(message);
    const logger = { debug: fail, info: () => undefined, warn: fail, error } as unknown as Logger;
    this.slides = new SlideWriter(
      { transaction: (work: (tx: unknown) => unknown) => work({}) } as unknown as Database,
      repository as unknown as SessionsRepository,
      { now: () => this.now },
      logger,
      new SideTasks(logger, new Metrics()),
    );
  }

  useAt(seconds: number, session = aSession()): void {
    this.now = at(seconds);
    this.slides.slide(session, this.now);
  }

  async flushAt(seconds: number, all = false): Promise<void> {
    this.now = at(seconds);
    await this.slides.flush(all);
  }
}

describe('slides', () => {
  let harness: Harness;
  let slides: SlideWriter;

  beforeEach(() => {
    harness = new Harness();
    ({ slides } = harness);
  });

  afterEach(() => slides.beforeApplicationShutdown());

  it('that were left out are tried again, those that were written are not', async () => {
    harness.useAt(10);
    harness.useAt(11, aSession({ id: SECOND }));
    harness.onWrite = () => Promise.resolve([FIRST]);
    await harness.flushAt(71);
    expect(await slides.flush(true)).toBe(false);
    harness.onWrite = () => Promise.resolve([]);
    expect(await slides.flush(true)).toBe(true);

    expect(harness.written.map((batch) => batch.map(({ sessionId }) => sessionId))).toEqual([
      [FIRST, SECOND],
      [FIRST],
      [FIRST],
    ]);
  });

  it('stay known after they were written, to who knows an older row', async () => {
    harness.useAt(10);
    await harness.flushAt(70);

    expect(slides.idleDeadlineOf(aSession())).toEqual(at(1_810));
    await harness.flushAt(129);
    expect(slides.idleDeadlineOf(aSession())).toEqual(at(1_810));
    await harness.flushAt(130);
    expect(slides.idleDeadlineOf(aSession())).toEqual(at(1_800));
  });

  it('that come while they are written are written later', async () => {
    harness.useAt(10);
    harness.onWrite = () => {
      harness.useAt(71);
      return Promise.resolve();
    };
    await harness.flushAt(70);
    harness.onWrite = () => Promise.resolve();

    expect(slides.idleDeadlineOf(aSession())).toEqual(at(1_871));
    await harness.flushAt(130);
    expect(harness.written[1]).toMatchObject([{ usedAt: at(70), deadline: at(1_871) }]);
  });

  it('are given up at the end where they cannot be written', async () => {
    harness.useAt(10);
    harness.onWrite = () => Promise.reject(new Error('the database is away'));
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 2_000));
    await slides.beforeApplicationShutdown();
    clock.mockRestore();
    // Or the clean-up retries until its timeout.
    harness.onWrite = () => Promise.resolve();

    expect(harness.failures).toHaveLength(3);
    expect(harness.errors).toEqual(['slides are lost: the process ends']);
  });

  it.each<[string, Partial<AccessSession>]>([
    ['another token', { accessDigest: Buffer.alloc(32, 'newer') }],
    ['an end before the use', { accessIdleExpiresAt: at(9) }],
    ['a later use', { accessIdleExpiresAt: at(1_900) }],
  ])('count for nothing where the row tells of %s', (_, row) => {
    harness.useAt(10);
    const session = aSession(row);

    expect(slides.idleDeadlineOf(session)).toEqual(session.accessIdleExpiresAt);
  });

  it('of another token take the position of the older one, also while that is written', async () => {
    const renewed = aSession({ accessDigest: Buffer.alloc(32, 'newer'), accessIdleExpiresAt: at(1_870) });
    harness.useAt(10);
    harness.onWrite = () => {
      harness.useAt(71, renewed);
      return Promise.resolve();
    };
    await harness.flushAt(70);
    harness.onWrite = () => Promise.resolve();

    expect(slides.idleDeadlineOf(aSession())).toEqual(at(1_800));
    expect(slides.idleDeadlineOf(renewed)).toEqual(at(1_871));
    await harness.flushAt(130.9);
    expect(harness.written).toHaveLength(1);
    await harness.flushAt(131);
    const { accessDigest } = renewed;
    expect(harness.written[1]).toEqual([
      { sessionId: FIRST, accessDigest, usedAt: at(71), deadline: at(1_871) },
    ]);
  });

  it('that are due are written as they were when another token came before their turn', async () => {
    const ids = Array.from({ length: 501 }, () => randomUUID());
    for (const id of ids) harness.useAt(10, aSession({ id }));
    const last = ids.at(-1) ?? '';
    const renewed = aSession({
      id: last,
      accessDigest: Buffer.alloc(32, 'newer'),
      accessIdleExpiresAt: at(1_805),
    });
    const others = [aSession({ id: FIRST }), aSession({ id: SECOND })];
    harness.onWrite = () => {
      for (const session of [renewed, ...others]) harness.useAt(71, session);
      return Promise.resolve();
    };
    await harness.flushAt(70);
    harness.onWrite = () => Promise.resolve();

    expect(harness.written.map(({ length }) => length)).toEqual([500, 1]);
    const { accessDigest } = aSession();
    expect(harness.written[1]).toEqual([
      { sessionId: last, accessDigest, usedAt: at(10), deadline: at(1_810) },
    ]);
    for (const session of [renewed, ...others]) expect(slides.idleDeadlineOf(session)).toEqual(at(1_871));
    await harness.flushAt(131);
    const waiting = harness.written[2]?.map(({ sessionId, usedAt }) => [sessionId, usedAt]);
    expect(waiting?.sort()).toEqual([last, FIRST, SECOND].map((id) => [id, at(71)]).sort());
  });
});
