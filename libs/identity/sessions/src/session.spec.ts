// @own-modules
import * as fc from 'fast-check';
import {
  assurances,
  loginMethodsInUse,
  endOf,
  isAtLeast,
  isOfEarlierDay,
  refusalOf,
  refusalAtDoor,
  toPrincipal,
  type Assurance,
  type LoginMethod,
  type EndReason,
} from './session';

const WHO = {
  id: 'session',
  userId: 'user',
  applicationId: 'application',
  identityId: 'identity',
  isOfAllowedBot: false,
  door: 'front-door' as LoginMethod,
  authenticatedAt: new Date(0),
  scopes: [],
};

loginMethodsInUse.use(['back-door', 'front-door'] as LoginMethod[]);

describe('an assurance', () => {
  it('reaches itself and what is weaker', () => {
    for (const [own, assurance] of assurances.entries())
      for (const [place, wanted] of assurances.entries())
        expect(isAtLeast(assurance, wanted)).toBe(own >= place);
  });

  it('that only a later version knows reaches nothing, is reached by nothing, and stands for nobody', () => {
    const unknown = fc.string().filter((word) => !(assurances as readonly string[]).includes(word));
    fc.assert(
      fc.property(unknown, fc.constantFrom(...assurances), (word, known) => {
        const foreign = word as Assurance;
        expect(isAtLeast(foreign, known)).toBe(false);
        expect(isAtLeast(known, foreign)).toBe(false);
        expect(isAtLeast(foreign, foreign)).toBe(false);
        expect(toPrincipal({ ...WHO, assurance: foreign })).toBeNull();
        expect(toPrincipal({ ...WHO, assurance: known })).toMatchObject({ assurance: known });
      }),
    );
  });
});

describe('the day of the last pair', () => {
  it.each([
    ['the same instant', '2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z', false],
    ['the same day', '2026-11-20T00:00:00Z', '2026-11-20T23:59:59Z', false],
    ['the next day, a second later', '2026-11-20T23:59:59Z', '2026-11-21T00:00:00Z', true],
    ['weeks later', '2026-11-20T12:00:00Z', '2026-12-08T12:00:00Z', true],
  ])('is compared with that of a refresh: %s', (_, issued, now, isFirst) => {
    const accessAbsoluteIn = 43_200;
    const accessExpiresAt = new Date(Date.parse(issued) + accessAbsoluteIn * 1_000);

    expect(isOfEarlierDay({ accessExpiresAt, accessAbsoluteIn }, new Date(now))).toBe(isFirst);
  });
});

describe('a word of a row that only a later version knows', () => {
  const later = new Date(1);

  it('ends a session with any end reason', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        const session = { endReason: word as EndReason, expiresAt: later, idleExpiresAt: later };
        expect(endOf(session, new Date(0))).toBe(word);
        expect(refusalOf(session)).toBe('session.ended');
      }),
    );
  });

  it('is no door: its session stands for nobody, and has not ended', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...loginMethodsInUse.names)), (word) => {
        const door = word as LoginMethod;
        const isKnown = loginMethodsInUse.has(door);
        expect(toPrincipal({ ...WHO, assurance: 'platform', door })?.door).toBe(isKnown ? door : undefined);
        expect(refusalAtDoor({ door })).toBe(isKnown ? 'session.ended' : 'session.method_off');
      }),
    );
  });
});
