import type request from 'supertest';
import { DataSource } from 'typeorm';
import { aPerson, times, type SignInBody } from '../factories';
import { aLoginCode } from '../support/login-code';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Parent Relationship'?: string;
  readonly Plans?: readonly Plan[];
}

/** The tables that grow with the number of people. */
const GROWING = new Set(['users', 'identities', 'identity_digests', 'sessions', 'proofs', 'audit_records']);

/** Indexes that are there for jobs: through them everybody is read. */
const OF_JOBS = new Set(['ix_sessions_expires', 'ix_sessions_ended']);

const PLANNED = /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/;

/** Opened, refreshed, used, ended. */
const PARTS_OF_A_LIFE = [
  /INSERT INTO sessions/,
  /SET\s+idle_expires_at/,
  /SET\s+access_idle_expires_at/,
  /SET\s+ended_at/,
];

/** A plan that is kept must be good for the table that comes: ADR 0024. */
describe('a database in which nobody is yet', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600 },
  });

  /** What a person asks the database for, from the first sign-in to the logout. */
  async function statementsOfALife(): Promise<readonly string[]> {
    const person = aPerson();
    const first = app.initDataOf(demo, person);
    const enter = async (initData: string): Promise<SignInBody> =>
      expectBody(app.postSignIn({ applicationId: demo.applicationId, initData }));
    const statements = await statementsOf(app, async () => {
      await enter(first);
      const { accessToken: gone } = await enter(first);
      app.clock.advance(1);
      const { refreshToken } = await enter(app.initDataOf(demo, person));
      const initData = app.initDataOf(demo, person);
      const { accessToken } = await expectBody<SignInBody>(app.refresh(refreshToken, { initData }));
      const asOwner = { authorization: `Bearer ${accessToken}` };
      await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${gone}`).expect(204);
      app.clock.advance(120);
      await app.getMe(accessToken).expect(200);
      app.clock.advance(61);
      await app.flushSlides();
      await app.http
        .get('/v1/me')
        .set({ authorization: `tma ${initData}`, 'x-countersign-application': demo.applicationId })
        .expect(200);
      await app.http.get('/v1/me/sessions').set(asOwner).expect(200);
      await app.http
        .post('/v1/me/step-up')
        .set(asOwner)
        .send(await aLoginCode(app, demo, person))
        .expect(200);
      await app.http.delete('/v1/me/sessions').set(asOwner).expect(204);
    });
    const planned = [...new Set(statements)].filter((statement) => PLANNED.test(statement));
    for (const part of PARTS_OF_A_LIFE) expect(planned.join()).toMatch(part);
    return planned;
  }

  /** The parts of its plan, for whatever parameters, that read more of a growing table than was asked for. */
  async function widePartsOf(statement: string): Promise<readonly Plan[]> {
    const rows = await app.database.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${statement}`,
    );
    return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => partsOf(plan))).filter(isWide);
  }

  async function widePartsOfALife(): Promise<readonly (readonly [string, Plan])[]> {
    await app.database.query('SET enable_seqscan = off');
    const wide: (readonly [string, Plan])[] = [];
    for (const statement of await statementsOfALife())
      for (const plan of await widePartsOf(statement)) wide.push([statement, plan]);
    return wide;
  }

  it('is asked for nothing that reads whole tables, before it was ever looked at', async () => {
    expect(await widePartsOfALife()).toEqual([]);
  });

  it('nor when the planner has counted the first few people', async () => {
    await Promise.all(times(20, () => app.signIn(demo)));
    await app.database.query('ANALYZE');

    expect(await widePartsOfALife()).toEqual([]);
  });

  it('is asked through connections that would rather not read whole tables', async () => {
    const settings = await app.nest
      .get(DataSource)
      .query<object[]>(`SELECT current_setting('enable_seqscan') AS seqscan, current_setting('jit') AS jit`);

    const isPooled = app.database.url !== app.database.directUrl;
    expect(settings).toEqual(
      isPooled ? [expect.objectContaining({ seqscan: 'on' })] : [{ seqscan: 'off', jit: 'off' }],
    );
  });
});

async function expectBody<T>(answering: request.Test): Promise<T> {
  const { body } = await answering.expect(200);
  return body as T;
}

function partsOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(partsOf)];
}

function isWide({ 'Relation Name': table, 'Index Name': index, ...plan }: Plan): boolean {
  if (OF_JOBS.has(index ?? '')) return true;
  if (!GROWING.has(table?.replace(/_(\d{8}|undated)$/, '') ?? '') || !plan['Node Type'].includes('Scan'))
    return false;
  const condition = plan['Index Cond'];
  const isListOnceMore = plan['Parent Relationship'] === 'Inner' && condition?.includes('ANY');
  return plan['Node Type'] !== 'Bitmap Heap Scan' && (condition === undefined || isListOnceMore === true);
}
