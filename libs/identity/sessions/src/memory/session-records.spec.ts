import { randomBytes, randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { LRUCache } from 'lru-cache';
import type { Entry } from '@countersign/database';
import type { RecordStore } from '@countersign/off-heap';
import { sessionStore, type CachedSession } from './session-records';
import {
  assurances,
  defineDoorNames,
  doorNames,
  endReasons,
  forgetDoorNames,
  toPrincipal,
  type AccessSession,
  type DoorName,
  type EndReason,
} from '../session';

const DOORS = ['back-door', 'front-door'] as const;
const READ_AT = new Date('2026-11-20T12:00:00.123Z');

function aSession(overrides: Partial<AccessSession> = {}): AccessSession {
  const instant = (): Date => new Date(READ_AT.getTime() + Math.floor(Math.random() * 1e9));
  return {
    id: randomUUID(),
    applicationId: randomUUID(),
    userId: randomUUID(),
    identityId: randomUUID(),
    assurance: 'platform',
    door: 'front-door' as DoorName,
    authenticatedAt: new Date('2026-11-20T11:59:00Z'),
    isOfAllowedBot: false,
    awaitsFirstUse: false,
    deviceKeyThumbprint: null,
    scopes: ['chat', 'profile'],
    idleExpiresAt: instant(),
    expiresAt: instant(),
    accessDigest: randomBytes(32),
    accessIdleExpiresAt: instant(),
    accessExpiresAt: instant(),
    priorAccessDigest: null,
    priorAccessExpiresAt: null,
    accessIdleIn: 1_800,
    endReason: null,
    ...overrides,
  };
}

function entryOf(session: AccessSession): Entry<CachedSession> {
  return { value: { session, principal: toPrincipal(session) }, readAt: READ_AT };
}

/** Puts so many others after it that nothing of the first is kept unpacked. */
function crowdOut(packed: RecordStore<Entry<CachedSession>>): void {
  for (let count = 0; count < 1_100; count += 1) {
    const other = aSession();
    packed.set(other.id, entryOf(other));
    packed.get(other.id);
  }
}

const thumbprint = (): string => randomBytes(32).toString('base64url');

/** Whether a row holds nothing but what this version writes. */
function isOrdinary(session: AccessSession): boolean {
  const { assurance, endReason, accessIdleIn, expiresAt, priorAccessExpiresAt } = session;
  const { accessDigest, deviceKeyThumbprint, userId } = session;
  return (
    assurances.includes(assurance) &&
    (endReason === null || endReasons.includes(endReason)) &&
    Number.isInteger(accessIdleIn) &&
    [expiresAt, priorAccessExpiresAt].every((instant) => !Number.isNaN(instant?.getTime())) &&
    accessDigest.length === 32 &&
    /^[0-9a-f-]{36}$/.test(userId) &&
    (deviceKeyThumbprint === null || /^[\w-]{43}$/.test(deviceKeyThumbprint))
  );
}

describe('sessions in records', () => {
  beforeAll(() => {
    defineDoorNames(DOORS);
  });

  afterAll(() => {
    forgetDoorNames(DOORS);
  });

  it.each<[string, Partial<AccessSession>]>([
    ['as they are mostly', {}],
    ['bound to a device key', { deviceKeyThumbprint: thumbprint() }],
    ['with the token before', { priorAccessDigest: randomBytes(32), priorAccessExpiresAt: new Date(7) }],
    ['without an identity', { identityId: null, endReason: 'unlinked' }],
    ['without scopes', { scopes: [] }],
    ['of a vendor, ended', { assurance: 'vendor', endReason: 'refresh-reuse' }],
    ['at the ends of time', { expiresAt: new Date(8.64e15), idleExpiresAt: new Date(-1), accessIdleIn: 1 }],
  ])('are what was put in: %s', (_, overrides) => {
    const packed = sessionStore(2_000);
    const session = aSession(overrides);
    packed.set(session.id, entryOf(session));

    expect(packed.get(session.id)).toEqual(entryOf(session));
    crowdOut(packed);
    expect(packed.get(session.id)).toEqual(entryOf(session));
  });

  it('know every door', () => {
    const packed = sessionStore(100);
    for (const door of [null, ...doorNames]) {
      const session = aSession({ door });
      packed.set(session.id, entryOf(session));
      expect(packed.get(session.id)).toEqual(entryOf(session));
    }
  });

  it('name no door that is not known here, and remember a proof to the second', () => {
    const packed = sessionStore(100);
    const session = aSession({
      door: 'of-a-later-version' as DoorName,
      authenticatedAt: new Date('2026-11-20T11:59:58.999Z'),
    });
    packed.set(session.id, entryOf(session));

    expect(packed.get(session.id)?.value?.principal).toMatchObject({
      door: null,
      authenticatedAt: new Date('2026-11-20T11:59:58Z'),
    });
  });

  it('know every assurance and every reason to end', () => {
    const packed = sessionStore(100);
    for (const assurance of assurances)
      for (const endReason of [null, ...endReasons]) {
        const session = aSession({ assurance, endReason });
        packed.set(session.id, entryOf(session));
        expect(packed.get(session.id)).toEqual(entryOf(session));
      }
  });

  it('are what was put in, or not there: whatever stands in a row', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('erased', 'passkey', '', ' ', 'platform '));
    const instant = fc.oneof(fc.date({ noInvalidDate: false }), fc.constant(new Date(Number.NaN)));
    const text = (length: number) =>
      fc.oneof(fc.string({ unit: 'binary', minLength: length, maxLength: length }), fc.uuid(), fc.string());
    const row = fc.record({
      assurance: fc.oneof(fc.constantFrom(...assurances), word),
      endReason: fc.oneof(fc.constantFrom(null, ...endReasons), word),
      scopes: fc.array(fc.oneof(fc.constantFrom('a', 'b', 'a b', '', '"', ','), fc.string()), {
        maxLength: 3,
      }),
      accessIdleIn: fc.oneof(fc.nat(), fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY)),
      expiresAt: instant,
      priorAccessExpiresAt: fc.option(instant),
      accessDigest: fc.uint8Array({ minLength: 30, maxLength: 34 }).map((bytes) => Buffer.from(bytes)),
      deviceKeyThumbprint: fc.option(text(43)),
      userId: text(36),
    });
    const packed = sessionStore(3_000);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const sessions = rows.map((drawn) => aSession(drawn as Partial<AccessSession>));
        for (const session of sessions) packed.set(session.id, entryOf(session));
        crowdOut(packed);
        for (const session of sessions) {
          const entry = packed.get(session.id);
          if (entry) expect(entry).toEqual(entryOf(session));
          else expect(isOrdinary(session)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are not kept when they ended for a reason that a later version has', () => {
    const packed = sessionStore(100);
    const live = aSession();
    packed.set(live.id, entryOf(live));
    packed.set(live.id, entryOf({ ...live, endReason: 'expelled' as EndReason }));

    expect(packed.get(live.id)).toBeUndefined();
  });

  it('remember that there is none, also in the position of one', () => {
    const packed = sessionStore(2);
    const session = aSession();
    const none = { value: null, readAt: READ_AT };
    packed.set(session.id, entryOf(session));
    packed.set(session.id, none);

    expect(packed.get(session.id)).toEqual(none);
    expect(packed.size).toBe(1);
  });

  it('give out what stays as it was when the record is another session’s', () => {
    const packed = sessionStore(1);
    const [first, second] = [aSession(), aSession()];
    packed.set(first.id, entryOf(first));
    const kept = packed.get(first.id);
    for (let count = 0; count < 3; count += 1) packed.set(second.id, entryOf(second));
    packed.delete(second.id);
    const third = aSession();
    packed.set(third.id, entryOf(third));

    expect(kept).toEqual(entryOf(first));
    expect(packed.get(first.id)).toBeUndefined();
    expect(packed.get(second.id)).toBeUndefined();
    expect(packed.get(third.id)).toEqual(entryOf(third));
  });

  it.each<[string, Partial<AccessSession>]>([
    ['a user', { userId: 'short' }],
    ['an identity', { identityId: `${randomUUID()}x` }],
    ['a digest', { accessDigest: randomBytes(31) }],
    ['a thumbprint', { deviceKeyThumbprint: 'x' }],
  ])('are forgotten rather than cut when %s has another length', (_, overrides) => {
    const packed = sessionStore(2);
    const before = aSession();
    packed.set(before.id, entryOf(before));
    packed.set(before.id, entryOf(aSession({ id: before.id, ...overrides })));

    expect(packed.get(before.id)).toBeUndefined();
    const next = aSession();
    packed.set(next.id, entryOf(next));
    expect(packed.get(next.id)).toEqual(entryOf(next));
  });

  it.each(['short', '0199A3C6-7F2E-7BD1-9D0C-3F5F0F2F6A11'])(
    'are not kept as %s, which is no id of one',
    (id) => {
      const packed = sessionStore(2);
      packed.set(id, entryOf(aSession({ id })));

      expect(packed.get(id)).toBeUndefined();
      expect(packed.get(id.toLowerCase())).toBeUndefined();
      expect(packed.size).toBe(0);
    },
  );

  it('are used when they are given out from what is kept unpacked, too', () => {
    const packed = sessionStore(2);
    const [first, second, third] = [aSession(), aSession(), aSession()];
    packed.set(first.id, entryOf(first));
    packed.get(first.id);
    packed.set(second.id, entryOf(second));
    packed.get(first.id);
    packed.set(third.id, entryOf(third));

    expect(packed.get(first.id)).toEqual(entryOf(first));
    expect(packed.get(second.id)).toBeUndefined();
  });

  it('start anew when there are too many lists of scopes', () => {
    const packed = sessionStore(20_000);
    for (let count = 0; count < 10_000; count += 1) {
      const session = aSession({ scopes: [`scope-${count}`] });
      packed.set(session.id, entryOf(session));
    }
    expect(packed.size).toBe(10_000);
    const session = aSession();
    packed.set(session.id, entryOf(session));

    expect(packed.size).toBe(1);
    expect(packed.get(session.id)).toEqual(entryOf(session));
  });

  it('do what a map of the least recently used does, whatever happens', () => {
    const ids = Array.from({ length: 12 }, () => randomUUID());
    const act = fc.record({
      what: fc.constantFrom('set', 'set none', 'get', 'delete', 'clear'),
      id: fc.constantFrom(...ids),
      assurance: fc.constantFrom(...assurances),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(act, { maxLength: 60 }), (size, acts) => {
        const packed = sessionStore(size);
        const model = new LRUCache<string, Entry<CachedSession>>({ max: size });
        for (const { what, id, assurance } of acts) {
          const entry = entryOf(aSession({ id, assurance }));
          if (what === 'get') expect(packed.get(id)).toEqual(model.get(id));
          else if (what === 'delete') [packed, model].forEach((store) => void store.delete(id));
          else if (what === 'clear') {
            if (acts.length > 30) for (const store of [packed, model]) store.clear();
          } else
            [packed, model].forEach(
              (store) => void store.set(id, what === 'set' ? entry : { value: null, readAt: READ_AT }),
            );
          expect(packed.size).toBe(model.size);
        }
      }),
    );
  });
});
