// @own-modules
import { generateKeyRing, KeyRing } from '@countersign/crypto';
import type { Database, Notifications } from '@countersign/database';
import { Metrics, SideTasks, type Logger } from '@countersign/runtime';
import { RefusedTokens, SessionCache } from '../memory/session-cache';
import { loginMethodsInUse, type AccessSession, type LoginMethod } from '../session';
import { SessionAuthenticator, type Access } from './session-authenticator';
import { FirstUses, SlideWriter } from '../memory/slide-writer';
import { SessionTokens, type MintedPair } from '../session-tokens';
import type { SessionsRepository } from '../store/sessions.repository';

const DOOR = 'front-door' as LoginMethod;
const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const APPLICATION = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a12';
const USER = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a13';
const IDENTITY = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a14';
const THUMBPRINT = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const START = new Date('2026-11-20T12:00:00Z');
const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1_000);

const tokens = new SessionTokens(KeyRing.parse(JSON.stringify(generateKeyRing())));

function rowOf({ accessDigest }: MintedPair, overrides: Partial<AccessSession> = {}): AccessSession {
  return {
    id: ID,
    applicationId: APPLICATION,
    userId: USER,
    identityId: IDENTITY,
    assurance: 'platform',
    door: DOOR,
    authenticatedAt: START,
    isOfAllowedBot: false,
    awaitsFirstUse: false,
    deviceKeyThumbprint: null,
    scopes: ['chat'],
    idleExpiresAt: after(30_000),
    expiresAt: after(90_000),
    accessDigest,
    accessIdleExpiresAt: after(1_800),
    accessExpiresAt: after(7_200),
    priorAccessDigest: null,
    priorAccessExpiresAt: null,
    accessIdleIn: 1_800,
    endReason: null,
    ...overrides,
  };
}

interface Reading {
  readonly answer: (row: AccessSession | null) => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** The way of an access token, with statements that are answered by hand. */
class Harness {
  readonly readings: Reading[] = [];
  readonly authenticator: SessionAuthenticator;
  readonly cache: SessionCache;
  readonly slides: SlideWriter;
  private now = START;

  constructor() {
    const clock = { now: () => this.now };
    const repository = {
      findForAccess: () => this.read(),
      slide: () => Promise.resolve([]),
    } as unknown as SessionsRepository;
    const run = (work: (manager: unknown) => unknown): unknown => work({});
    const database = { read: run, transaction: run, sharedTransactions: () => null } as unknown as Database;
    const notifications = { isLive: true, subscribe: () => undefined } as unknown as Notifications;
    const metrics = new Metrics();
    this.cache = new SessionCache(database, repository, notifications, clock, metrics);
    this.slides = new SlideWriter(
      database,
      repository,
      clock,
      {} as Logger,
      new SideTasks({} as Logger, new Metrics()),
    );
    this.authenticator = new SessionAuthenticator(
      tokens,
      this.cache,
      new RefusedTokens(clock, metrics),
      this.slides,
      new FirstUses(database, repository, this.cache, clock),
      clock,
    );
  }

  moveTo(seconds: number): void {
    this.now = after(seconds);
  }

  /** @returns the code of the refusal, or what the token opens. */
  async present({ accessToken }: Pick<MintedPair, 'accessToken'>): Promise<Access | string> {
    return outcomeOf(() => this.authenticator.authenticate(accessToken, () => Promise.resolve()));
  }

  /** Presents a token and answers the one statement that it needs. */
  async presentWith(row: AccessSession | null, pair: MintedPair): Promise<Access | string> {
    const outcome = this.present(pair);
    await this.readings.at(-1)?.answer(row);
    return outcome;
  }

  private read(): Promise<AccessSession | null> {
    return new Promise((resolve, reject) => {
      this.readings.push({
        answer: (row) => {
          resolve(row);
          return turn();
        },
        fail: () => {
          reject(Object.assign(new Error('the database is away'), { code: 'service.unavailable' }));
          return turn();
        },
      });
    });
  }
}

async function outcomeOf(open: () => Access | Promise<Access>): Promise<Access | string> {
  try {
    return await open();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const isOpen = (outcome: Access | string): boolean => typeof outcome !== 'string';

beforeAll(() => {
  loginMethodsInUse.use([DOOR]);
});

describe('an access token', () => {
  let older: MintedPair;
  let newer: MintedPair;
  let harness: Harness;

  beforeEach(() => {
    older = tokens.mint(ID);
    newer = tokens.mint(ID);
    harness = new Harness();
  });

  afterEach(() => harness.slides.beforeApplicationShutdown());

  describe('is refused by a row, and remembered as refused,', () => {
    const cases: [string, string, (pair: MintedPair) => AccessSession | null][] = [
      ['that is not there', 'session.token_invalid', () => null],
      ['with another token', 'session.token_invalid', () => rowOf(tokens.mint(ID))],
      ['of a session that ended', 'session.ended', (pair) => rowOf(pair, { endReason: 'revoked' })],
      ['of a session that ran out', 'session.expired', (pair) => rowOf(pair, { expiresAt: START })],
      ['of a session that was idle', 'session.expired', (pair) => rowOf(pair, { idleExpiresAt: START })],
      ['whose token ended', 'session.expired', (pair) => rowOf(pair, { accessExpiresAt: START })],
      ['whose token was idle', 'session.expired', (pair) => rowOf(pair, { accessIdleExpiresAt: START })],
      [
        'whose token was replaced too long ago',
        'session.expired',
        ({ accessDigest }) =>
          rowOf(tokens.mint(ID), { priorAccessDigest: accessDigest, priorAccessExpiresAt: START }),
      ],
    ];

    it.each(cases)('%s, by one statement for a crowd', async (_, code, rowFor) => {
      const crowd = Array.from({ length: 500 }, () => harness.present(older));
      await harness.readings[0]?.answer(rowFor(older));

      expect(new Set(await Promise.all(crowd))).toEqual(new Set([code]));
      expect(await harness.present(older)).toBe(code);
      expect(harness.readings).toHaveLength(1);
    });
  });

  it('opens nothing when its identity was taken away', async () => {
    expect(await harness.presentWith(rowOf(older, { identityId: null }), older)).toBe('session.ended');
  });

  describe('is not refused by what memory says', () => {
    it('of the token that it has replaced', async () => {
      await harness.presentWith(rowOf(older), older);

      expect(isOpen(await harness.presentWith(rowOf(newer), newer))).toBe(true);
      expect(harness.readings).toHaveLength(2);
    });

    it('of its last use, when it was used elsewhere since', async () => {
      await harness.presentWith(rowOf(older, { accessIdleIn: 10, accessIdleExpiresAt: after(10) }), older);
      harness.moveTo(12);

      const row = rowOf(older, { accessIdleIn: 10, accessIdleExpiresAt: after(18) });
      expect(isOpen(await harness.presentWith(row, older))).toBe(true);
    });

    it('for longer than a second, when it was only idle', async () => {
      const idle = rowOf(older, { accessIdleExpiresAt: START });
      expect(await harness.presentWith(idle, older)).toBe('session.expired');
      harness.moveTo(0.999);
      expect(await harness.present(older)).toBe('session.expired');
      harness.moveTo(1);

      expect(isOpen(await harness.presentWith(rowOf(older), older))).toBe(true);
    });
  });

  describe('is not refused by a statement that began before it was presented', () => {
    it('and is asked about once more, by one statement for all who wait', async () => {
      const holder = harness.present(older);
      const crowd = Array.from({ length: 100 }, () => harness.present(newer));
      await harness.readings[0]?.answer(rowOf(older));
      expect(isOpen(await holder)).toBe(true);
      expect(harness.readings).toHaveLength(2);
      await harness.readings[1]?.answer(rowOf(newer));

      expect((await Promise.all(crowd)).every(isOpen)).toBe(true);
      expect(harness.readings).toHaveLength(2);
    });

    it('but by one that began afterwards', async () => {
      const holder = harness.present(older);
      const other = harness.present(newer);
      await harness.readings[0]?.answer(rowOf(older));
      await harness.readings[1]?.answer(rowOf(older));

      expect(isOpen(await holder)).toBe(true);
      expect(await other).toBe('session.token_invalid');
    });
  });

  it('is not remembered as refused when nobody could say what it is', async () => {
    const failing = [harness.present(older), harness.present(older)];
    await harness.readings[0]?.fail();

    expect(await Promise.all(failing)).toEqual(['service.unavailable', 'service.unavailable']);
    expect(isOpen(await harness.presentWith(rowOf(older), older))).toBe(true);
  });

  describe('moves its idle deadline', () => {
    beforeEach(async () => {
      await harness.presentWith(rowOf(older), older);
      harness.moveTo(10);
    });

    it.each<[string, Partial<AccessSession>, number]>([
      ['and forgets nothing that its row does not know yet', {}, 1_910],
      ['unless the row knows more', { accessIdleExpiresAt: after(1_950) }, 1_950],
      ['unless the row had run out before the use', { accessIdleExpiresAt: after(105) }, 105],
    ])('%s', async (_, row, deadline) => {
      harness.moveTo(110);
      await harness.presentWith(rowOf(older), older);
      harness.cache.dropAll();
      harness.moveTo(100);
      const inspecting = outcomeOf(() => harness.authenticator.inspect(older.accessToken));
      await harness.readings.at(-1)?.answer(rowOf(older, row));

      expect(await inspecting).toMatchObject({ idleExpiresAt: after(deadline) });
    });

    it('not that of the token which comes after it', async () => {
      await harness.present(older);
      harness.cache.dropAll();

      expect(await harness.presentWith(rowOf(newer), newer)).toMatchObject({ idleExpiresAt: after(1_810) });
      harness.cache.dropAll();
      const inspecting = outcomeOf(() => harness.authenticator.inspect(older.accessToken));
      await harness.readings.at(-1)?.answer(rowOf(older, { accessIdleExpiresAt: after(1_700) }));
      expect(await inspecting).toMatchObject({ idleExpiresAt: after(1_700) });
    });
  });

  describe('of a bound session', () => {
    const bound = (): AccessSession => rowOf(older, { deviceKeyThumbprint: THUMBPRINT });

    /** Presents the older token; while its proof is looked at, `meanwhile` happens and the row becomes another. */
    async function proveWhile(
      row: AccessSession,
      meanwhile: () => Promise<unknown>,
    ): Promise<Access | string> {
      await harness.presentWith(bound(), older);
      let accept = (): void => undefined;
      const proof = new Promise<void>((resolve) => {
        accept = resolve;
      });
      const outcome = outcomeOf(() => harness.authenticator.authenticate(older.accessToken, () => proof));
      harness.cache.dropAll();
      await meanwhile();
      harness.cache.dropAll();
      accept();
      await turn();
      await harness.readings.at(-1)?.answer(row);
      return outcome;
    }

    it('is refused when it ended while the proof was looked at', async () => {
      const row = { ...bound(), endReason: 'logout' } as const;

      expect(await proveWhile(row, () => Promise.resolve())).toBe('session.ended');
    });

    it('leaves the slide of the token alone that came while the proof was looked at', async () => {
      const next = rowOf(newer, {
        deviceKeyThumbprint: THUMBPRINT,
        priorAccessDigest: older.accessDigest,
        priorAccessExpiresAt: after(60),
      });
      harness.moveTo(0);
      const outcome = await proveWhile(next, () => {
        harness.moveTo(10);
        return harness.presentWith(next, newer);
      });

      expect(isOpen(outcome)).toBe(true);
      const inspecting = outcomeOf(() => harness.authenticator.inspect(newer.accessToken));
      expect(await inspecting).toMatchObject({ idleExpiresAt: after(1_810) });
    });
  });
});
