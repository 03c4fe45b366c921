import { expectRecorded, missingFrom, rowsOf, useStage } from '../support/audit-trail';
import { allWays, waysWithoutEvents } from '../support/audit-ways';

/** Acts that tell events too are performed in `events.nightly-spec.ts`, once for both. */
describe('the audit trail', () => {
  const stage = useStage();

  it('has no action that is not performed here', () => {
    expect(missingFrom(allWays)).toEqual([]);
  });

  it.each(rowsOf(waysWithoutEvents))('says %s, %s, and nothing else', async (action, _, way) => {
    const recorded = await expectRecorded(await way(stage));

    expect(recorded.map((record) => record.action)).toContain(action);
  });
});
