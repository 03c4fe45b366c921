import { BoardsService, BoardSeasons } from '@countersign/leaderboards';
import type { Ways } from './audit-trail';
import { aBoard, aScore, read, score } from './boards';
import { aConfidentialApplication } from './oauth';

const seasonOf = ({ body }: { readonly body: unknown }): string =>
  (body as { season: { seasonId: string } }).season.seasonId;

export const waysOfBoards = {
  'board.created': {
    'by an operator': async ({ app, demo, http }) =>
      http(async () => {
        const subject = await aBoard(app, demo);
        const { applicationId } = demo;
        return [{ action: 'board.created', actor: 'operator', subject, applicationId, details: {} }];
      }),
  },
  'board.changed': {
    'by an operator': async ({ app, demo, http }) => {
      const subject = await aBoard(app, demo);
      return http(async () => {
        await app.nest.get(BoardsService).change(subject, { name: 'Rally' });
        const details = { fields: 'name' };
        const { applicationId } = demo;
        return [{ action: 'board.changed', actor: 'operator', subject, applicationId, details }];
      });
    },
  },
  'board.season_closed': {
    'by an operator, with the final page': async ({ app, http }) => {
      const game = await aConfidentialApplication(app);
      const subject = await aBoard(app, game);
      const people = [await app.signIn(game), await app.signIn(game)];
      await score(app, game, subject, ...people.map((person, index) => aScore(person, index)));
      const seasonId = seasonOf(await read(app, game, subject));
      return http(async () => {
        await app.nest.get(BoardSeasons).closeByHand(subject, seasonId, 'ticket-9');
        const { applicationId } = game;
        const details = { seasonId, reason: 'ticket-9' };
        return [{ action: 'board.season_closed', actor: 'operator', subject, applicationId, details }];
      });
    },
  },
  'board.scores_sent': {
    'by the application, one for all of a call': async ({ app, http }) => {
      const game = await aConfidentialApplication(app);
      const subject = await aBoard(app, game);
      const person = await app.signIn(game);
      const seasonId = seasonOf(await read(app, game, subject));
      return http(async () => {
        await score(app, game, subject, aScore(person, 1), aScore(person, 2));
        const { applicationId } = game;
        const details = { seasonId, accepted: '2', repeated: '0', refused: '0' };
        const actor = `application:${applicationId}`;
        return [{ action: 'board.scores_sent', actor, subject, applicationId, details }];
      });
    },
  },
} satisfies Partial<Ways>;
