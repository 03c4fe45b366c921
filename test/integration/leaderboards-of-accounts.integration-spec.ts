import { ErasureService } from '@countersign/account';
import { BoardSeasons } from '@countersign/leaderboards';
import { aPerson, times } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { aBoard, aScore, rankOf, read, score, send, standingsOf } from '../support/boards';
import { aConfidentialApplication } from '../support/oauth';
import { signInPerson, type PersonSession } from '../support/person-session';
import { separate } from '../support/separations';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

describe('scores of an account', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app));

  const person = () => signInPerson(app, demo, aPerson());
  const merge = (survivor: PersonSession, loser: PersonSession) => mergeAccounts(app, demo, survivor, loser);
  const erase = (userId: string) => app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true);

  async function close(boardId: string): Promise<string> {
    const { body } = await read(app, demo, boardId);
    const { seasonId } = (body as { season: { seasonId: string } }).season;
    await app.nest.get(BoardSeasons).closeByHand(boardId, seasonId, 'ticket-1');
    return seasonId;
  }

  it.each([
    ['best', 'higher', 9],
    ['best', 'lower', 3],
    ['last', 'higher', 3],
    ['sum', 'higher', 16],
  ] as const)(
    'merged, count by the rule %s where %s is better, and separated as before',
    async (rule, better, counts) => {
      const boardId = await aBoard(app, demo, { rule, better });
      const [survivor, loser, other] = [await person(), await person(), await person()];
      const early = aScore(survivor, 4);
      await score(app, demo, boardId, early, aScore(loser, 9), aScore(other, 5), aScore(loser, 3));
      const before = await standingsOf(app, demo, boardId);

      await merge(survivor, loser);

      expect(await rankOf(app, demo, boardId, survivor)).toMatchObject({ score: counts, people: 2 });
      expect(await rankOf(app, demo, boardId, loser)).toMatchObject({
        userId: survivor.userId,
        score: counts,
      });

      await separate(app, demo, loser.person);

      expect(await standingsOf(app, demo, boardId)).toEqual(before);
    },
  );

  it('merged, have one name in a closed season, whose ranks stay, and separated both', async () => {
    const boardId = await aBoard(app, demo);
    const [survivor, loser, other] = [await person(), await person(), await person()];
    await score(app, demo, boardId, aScore(survivor, 4), aScore(loser, 9), aScore(other, 5));
    const query = `?seasonId=${await close(boardId)}`;
    const before = await standingsOf(app, demo, boardId, query);

    await merge(survivor, loser);

    expect(await standingsOf(app, demo, boardId, query)).toEqual([
      [1, null, 9],
      [2, other.userId, 5],
      [3, survivor.userId, 4],
    ]);
    await separate(app, demo, loser.person);
    expect(await standingsOf(app, demo, boardId, query)).toEqual(before);
  });

  it('erased, leave open seasons, and stay without a name in closed ones', async () => {
    const boardId = await aBoard(app, demo);
    const [gone, stays] = [await person(), await person()];
    await score(app, demo, boardId, aScore(gone, 9), aScore(stays, 5));
    const closed = `?seasonId=${await close(boardId)}`;
    const sent = aScore(gone, 9);
    await score(app, demo, boardId, sent, aScore(stays, 5));

    expect(await erase(gone.userId)).toMatchObject({ erasesAt: null });

    expect(await standingsOf(app, demo, boardId)).toEqual([[1, stays.userId, 5]]);
    expect(await standingsOf(app, demo, boardId, closed)).toEqual([
      [1, null, 9],
      [2, stays.userId, 5],
    ]);
    const { body } = await send(app, demo, boardId, [sent]);
    expect(body).toMatchObject({ results: [{ code: 'board.person_not_found' }] });
    const tables = ['board_scores', 'board_entries'];
    for (const table of tables)
      expect(await app.database.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [gone.userId])).toEqual(
        [],
      );
  });

  it('survive scores that come in during a merge', async () => {
    const boardId = await aBoard(app, demo, { rule: 'sum' });
    const [survivor, loser] = [await person(), await person()];
    await score(app, demo, boardId, aScore(survivor, 1), aScore(loser, 1));
    // More than a recount reads at once.
    await score(app, demo, boardId, ...times(1_000, () => aScore(loser, 1)));

    await Promise.all([
      merge(survivor, loser),
      ...Array.from({ length: 20 }, () => score(app, demo, boardId, aScore(loser, 1), aScore(survivor, 1))),
    ]);

    expect(await rankOf(app, demo, boardId, survivor)).toMatchObject({ score: 1_042, people: 1 });
  });
});
