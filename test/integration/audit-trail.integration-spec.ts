import { expectRecorded, missingFrom, rowsOf, useStage } from '../support/audit-trail';
import { allWays } from '../support/audit-ways';

describe('the audit trail', () => {
  const stage = useStage();

  it('has no action that is not performed here', () => {
    expect(missingFrom(allWays)).toEqual([]);
  });

  it.each(rowsOf(allWays))('says %s, %s, and nothing else, and tells its events', async (action, _, way) => {
    const recorded = await expectRecorded(await way(stage));

    expect(recorded.map((record) => record.action)).toContain(action);
  });
});
