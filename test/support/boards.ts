import type { Response } from 'supertest';
import { BoardsService, RankUpkeep, type NewBoard } from '@countersign/leaderboards';
import { aPerson, type SignInBody } from '../factories';
import { basicOf, type Confidential } from './oauth';
import type { TestApp } from './test-app';

export interface ScoreBody {
  readonly id: string;
  readonly userId: string;
  readonly score: number;
}

export interface RankBody {
  readonly rank: number;
  readonly userId: string | null;
  readonly score: number;
  readonly people: number;
  readonly seasonId: string;
  readonly asOf: string;
}

export interface TopBody extends Pick<RankBody, 'people' | 'seasonId' | 'asOf'> {
  readonly items: readonly (Pick<RankBody, 'rank' | 'userId' | 'score'> & {
    readonly person: object | null;
  })[];
  readonly nextCursor: string | null;
}

/** A board whose seasons are closed by hand. @returns its id */
export async function aBoard(
  app: TestApp,
  { applicationId }: Pick<Confidential, 'applicationId'>,
  wanted: Partial<NewBoard> = {},
): Promise<string> {
  const board = await app.nest.get(BoardsService).create({
    applicationId,
    name: 'Race',
    rule: 'best',
    better: 'higher',
    calendar: 'by-hand',
    isUnverified: false,
    ...wanted,
  });
  return board.id;
}

let scores = 0;

export function aScore({ userId }: Pick<SignInBody, 'userId'>, score: number): ScoreBody {
  scores += 1;
  return { id: `score-${scores}`, userId, score };
}

export async function send(
  app: TestApp,
  client: Confidential,
  boardId: string,
  sent: readonly object[],
): Promise<Response> {
  return app.http
    .post(`/v1/boards/${boardId}/scores`)
    .set('authorization', basicOf(client))
    .send({ scores: sent });
}

/** Scores that are all accepted. */
export async function score(
  app: TestApp,
  client: Confidential,
  boardId: string,
  ...sent: readonly ScoreBody[]
): Promise<void> {
  const { status, body } = await send(app, client, boardId, sent);
  const results = (body as { results?: readonly { outcome: string }[] }).results ?? [];
  if (status !== 200 || results.some(({ outcome }) => outcome !== 'accepted'))
    throw new Error(`scores answered ${status}: ${JSON.stringify(body)}`);
}

/** As the application itself. */
export async function read(app: TestApp, client: Confidential, path: string): Promise<Response> {
  return app.http.get(`/v1/boards/${path}`).set('authorization', basicOf(client));
}

export async function topOf(
  app: TestApp,
  client: Confidential,
  boardId: string,
  query = '',
): Promise<TopBody> {
  const { status, body } = await read(app, client, `${boardId}/top${query}`);
  if (status !== 200) throw new Error(`top answered ${status}: ${JSON.stringify(body)}`);
  return body as TopBody;
}

/** Who is where, with which score. */
export async function standingsOf(app: TestApp, client: Confidential, boardId: string, query = '') {
  const { items } = await topOf(app, client, boardId, query);
  return items.map(({ rank, userId, score: counts }) => [rank, userId, counts]);
}

export async function rankOf(
  app: TestApp,
  client: Confidential,
  boardId: string,
  { userId }: Pick<SignInBody, 'userId'>,
  query = '',
): Promise<RankBody> {
  const { status, body } = await read(app, client, `${boardId}/ranks/${userId}${query}`);
  if (status !== 200) throw new Error(`a rank answered ${status}: ${JSON.stringify(body)}`);
  return body as RankBody;
}

/** People who have used the application, made in the database: sign-ins would take long. @returns their ids */
export async function peopleOf(app: TestApp, demo: Confidential, count: number): Promise<readonly string[]> {
  const { userId } = await app.signIn(demo, aPerson());
  const made = await app.database.query<{ id: string }>(
    `WITH made AS (
       INSERT INTO users SELECT (jsonb_populate_record(known, jsonb_build_object('id', gen_random_uuid(),
         'audit_pseudonym', gen_random_uuid()))).* FROM users known, generate_series(1, $2) WHERE known.id = $1 RETURNING id
     ), visits AS (
       INSERT INTO user_applications SELECT (jsonb_populate_record(known, jsonb_build_object('user_id', made.id))).*
       FROM user_applications known, made WHERE known.user_id = $1
     )
     SELECT id FROM made`,
    [userId, count],
  );
  return made.map(({ id }) => id);
}

/** As the job does. @returns how many seasons were counted */
export async function countRanks(app: TestApp): Promise<number> {
  return app.nest.get(RankUpkeep).run();
}
