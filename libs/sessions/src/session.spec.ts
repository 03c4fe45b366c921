import * as fc from 'fast-check';
import { assurances, doorNames, endOf, isAtLeast, refusalOf, toPrincipal } from './session';
import type { Assurance, DoorName, EndReason } from './session';

const WHO = {
  id: 'session',
  userId: 'user',
  applicationId: 'application',
  identityId: 'identity',
  isOfAllowedBot: false,
  door: null,
  authenticatedAt: new Date(0),
  scopes: [],
};

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

  it('names no door', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...doorNames)), (word) => {
        const door = toPrincipal({ ...WHO, assurance: 'platform', door: word as DoorName })?.door;
        expect(door).toBe((doorNames as readonly string[]).includes(word) ? word : null);
      }),
    );
  });
});
