import fc from 'fast-check';
import { assurances, highestAssuranceOf, type AccountLevel, type Assurance } from '@countersign/users';
import {
  decide,
  decideApplicationStepUp,
  type AccountAct,
  type AskingSession,
  type PresentedForAct,
} from './account-rules';

/** Written once more, with numbers: 0 vendor, 1 bot-token, 2 platform. */
const rank = (assurance: Assurance): number => ['vendor', 'bot-token', 'platform'].indexOf(assurance);
const least = (...all: readonly Assurance[]): number => Math.min(...all.map(rank));

const anAssurance = fc.constantFrom(...assurances);
const aLevel = fc.constantFrom<AccountLevel>('bot-token', 'platform');
const aSession: fc.Arbitrary<AskingSession> = fc.record({
  assurance: anAssurance,
  isOfAllowedBot: fc.boolean(),
  stepUp: fc.option(anAssurance),
});
const aProof: fc.Arbitrary<PresentedForAct> = fc.record({
  weakestLink: fc.constantFrom<Assurance>('bot-token', 'platform'),
  environment: fc.constantFrom('production', 'test'),
  assurance: anAssurance,
  isOfAllowedBot: fc.boolean(),
  cap: fc.option(anAssurance),
});
const anAct: fc.Arbitrary<AccountAct> = fc.oneof(
  fc.constant({ act: 'open' } as const),
  fc.record({ act: fc.constant('unlink' as const), isFounding: fc.boolean() }),
  fc.constant({ act: 'export' } as const),
  fc.constant({ act: 'join' } as const),
  fc.constant({ act: 'accept-join' } as const),
  fc.constant({ act: 'erase' } as const),
  aProof.map((proof) => ({ act: 'link', proof }) as const),
  fc.record({
    act: fc.constant('step-up' as const),
    proof: aProof,
    foundedIn: fc.option(fc.constantFrom('production', 'test')),
  }),
  fc.record({
    act: fc.constant('merge' as const),
    proof: aProof,
    otherLevel: aLevel,
    otherFoundedIn: fc.option(fc.constantFrom('production', 'test')),
  }),
);

describe('what may be done to an account', () => {
  it('is never allowed where anything that takes part is weaker than the level', () => {
    fc.assert(
      fc.property(aLevel, aSession, anAct, (level, session, act) => {
        const verdict = decide(level, session, act);
        if (!verdict.isAllowed) return;
        expect(session.isOfAllowedBot).toBe(false);
        expect(rank(session.assurance)).toBeGreaterThanOrEqual(rank(level));
        if ('proof' in act) expect(act.proof.isOfAllowedBot).toBe(false);
        const isStepUpNeeded = !['connect', 'open', 'step-up'].includes(act.act);
        if (isStepUpNeeded) expect(rank(session.stepUp ?? 'vendor')).toBeGreaterThanOrEqual(rank(level));
        if (act.act === 'merge')
          expect(
            Math.min(rank(session.assurance), least(act.proof.assurance, act.proof.cap ?? 'platform')),
          ).toBeGreaterThanOrEqual(rank(act.otherLevel));
        if (act.act === 'step-up')
          expect(least(act.proof.assurance, act.proof.cap ?? 'platform')).toBeGreaterThanOrEqual(rank(level));
      }),
    );
  });

  it('is worth the weakest that took part, and a step-up raises no session', () => {
    fc.assert(
      fc.property(aLevel, aSession, anAct, (level, session, act) => {
        const verdict = decide(level, session, act);
        if (!verdict.isAllowed) return;
        const parts: readonly Assurance[] = {
          open: [session.assurance],
          connect: 'proof' in act ? [session.assurance, act.proof.assurance] : [],
          unlink: [session.assurance, session.stepUp ?? 'vendor'],
          export: [session.assurance, session.stepUp ?? 'vendor'],
          erase: [session.assurance, session.stepUp ?? 'vendor'],
          join: [session.assurance, session.stepUp ?? 'vendor'],
          'accept-join': [session.assurance, session.stepUp ?? 'vendor'],
          'step-up': 'proof' in act ? [act.proof.assurance, act.proof.cap ?? 'platform'] : [],
          link: 'proof' in act ? [session.assurance, session.stepUp ?? 'vendor', act.proof.assurance] : [],
          merge:
            'proof' in act
              ? [
                  session.assurance,
                  session.stepUp ?? 'vendor',
                  act.proof.assurance,
                  act.proof.cap ?? 'platform',
                ]
              : [],
        }[act.act];
        expect(rank(verdict.assurance)).toBe(least(...parts));
      }),
    );
  });

  it('is no step-up and no merge by an identity of a test environment, unless one founded the account', () => {
    const session = { assurance: 'platform', isOfAllowedBot: false, stepUp: 'platform' } as const;
    const proof = {
      environment: 'test',
      assurance: 'platform',
      weakestLink: 'platform',
      isOfAllowedBot: false,
      cap: 'platform',
    } as const;
    const allowed = (foundedIn: string | null) =>
      decide('platform', session, { act: 'step-up', proof, foundedIn }).isAllowed;
    expect([allowed('production'), allowed(null), allowed('test')]).toEqual([false, false, true]);
    const merges = (otherFoundedIn: string | null) =>
      decide('platform', session, { act: 'merge', proof, otherLevel: 'platform', otherFoundedIn }).isAllowed;
    expect([merges('production'), merges(null), merges('test')]).toEqual([false, false, true]);
  });
});

describe('the part of one application', () => {
  it('is reached by proofs of a bot of the application itself, after step-up', () => {
    fc.assert(
      fc.property(aSession, (session) => {
        const isEnough =
          !session.isOfAllowedBot && rank(session.assurance) >= 1 && rank(session.stepUp ?? 'vendor') >= 1;
        expect(decide('bot-token', session, { act: 'accept-join' }).isAllowed).toBe(isEnough);
      }),
    );
  });

  it('is stepped up by proofs no weaker than the session, and to nothing that reaches `platform`', () => {
    fc.assert(
      fc.property(aSession, aProof, (session, proof) => {
        const verdict = decideApplicationStepUp(session, proof);
        const isEnough =
          !session.isOfAllowedBot &&
          !proof.isOfAllowedBot &&
          rank(session.assurance) >= 1 &&
          least(proof.assurance, proof.cap ?? 'platform') >= rank(session.assurance);
        expect(verdict).toMatchObject(isEnough ? { assurance: 'bot-token' } : { isAllowed: false });
      }),
    );
  });
});

describe('the level of an account', () => {
  const anIdentity = fc.record({ provider: fc.constantFrom('telegram', 'openweb3'), cap: anAssurance });

  it('is `platform` where an identity reaches it', () => {
    fc.assert(
      fc.property(fc.array(anIdentity, { maxLength: 4 }), (all) => {
        const isStrong = all.some(({ provider, cap }) => provider === 'telegram' && cap === 'platform');
        expect(highestAssuranceOf(all) === 'platform').toBe(isStrong);
      }),
    );
  });
});
