import fc from 'fast-check';
import { AccountHistory } from '../support/account-history';
import { historyActs } from '../support/history-acts';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const actNames = Object.keys(historyActs);

const step = fc.record({
  act: fc.constantFrom(...actNames),
  minutes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 70 * 60 })),
  launchSeconds: fc.integer({ min: 0, max: 299 }),
  guess: fc.integer({ min: 10, max: 99 }),
});

const inOrder = (...acts: readonly string[]) =>
  acts.map((act) => ({ act, minutes: 1, launchSeconds: 1, guess: 10 }));

/** Each act once; and both ways of a join that the victim did not ask for. */
const examples = [
  inOrder(...actNames),
  inOrder(...actNames.toReversed()),
  inOrder('the victim is joined to the thief', 'the victim visits'),
  inOrder('the thief is joined to the victim', 'the victim visits'),
];

describe('a person whose launches and access token are stolen', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE] });

  it('has the account and all of it again when they sign in once in 72 hours, and separate what they see', async () => {
    const counts = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const history = new AccountHistory(app, demo, counts);
        await history.begin();
        for (const { act, ...moment } of steps) await history.take(historyActs[act] ?? fail(act), moment);
        await history.end();
      }),
      { numRuns: 8, examples: examples.map((steps) => [steps]) },
    );
    for (const what of ['joined', 'refused to join', 'separated themselves', 'separated what came'])
      expect([what, counts.get(what) ?? 0]).not.toEqual([what, 0]);
  });
});

function fail(act: string): never {
  throw new Error(`there is no act "${act}"`);
}
