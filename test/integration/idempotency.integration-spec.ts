import { readFileSync } from 'node:fs';
import { Body, Controller, Injectable, Module, Param, Post } from '@nestjs/common';
import { ApiProperty, ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import type { Response } from 'supertest';
import { AdminUpkeep, allScopes } from '@countersign/admin';
import { authError } from '@countersign/auth';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { unavailable } from '@countersign/database';
import { Answers } from '@countersign/http';
import { Authenticated, Caller, CreatesOnce, SessionsModule, type Principal } from '@countersign/sessions';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inlined } from '../support/inlined-document';
import { anOperator } from '../support/operator';
import { sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

class ToyRequest {
  @ApiProperty({ description: 'What it is called.', example: 'Bear' })
  @IsString()
  @MaxLength(100)
  name: string;
}

class ToyResponse {
  @ApiProperty({ description: 'The number of the toy.', example: 1 })
  toy: number;
}

/** Nothing in its body says which toy it is. */
@Injectable()
class Toys {
  readonly made: { readonly userId: string; readonly name: string }[] = [];
  /** What the next requests wait for. */
  gate: Promise<void> = Promise.resolve();

  async make({ userId }: Principal, name: string): Promise<ToyResponse> {
    await this.gate;
    if (name === 'refused') throw authError('auth.code_used');
    if (name === 'broken') throw new Error('broken');
    if (name === 'away') throw unavailable(new Error('the connection broke at the commit'));
    return { toy: this.made.push({ userId, name }) };
  }
}

@Controller('v1/toys')
@ApiTags('The person')
class ToysController {
  constructor(private readonly toys: Toys) {}

  @Post(':shelf')
  @Authenticated()
  @CreatesOnce()
  @Answers(ToyResponse, { status: 201 })
  make(
    @Caller() caller: Principal,
    @Param('shelf') _: string,
    @Body() { name }: ToyRequest,
  ): Promise<ToyResponse> {
    return this.toys.make(caller, name);
  }
}

@Module({ imports: [SessionsModule], providers: [Toys], controllers: [ToysController] })
class ToysModule {}

const HEADER = 'Idempotency-Key';
const BEAR = { name: 'Bear' };
const TABLE = readFileSync('docs/idempotency.md', 'utf8');

const digestOf = (parts: readonly string[]): Buffer => sha256(lengthPrefixed(parts));

interface PostOperation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name?: string }[];
}

/** POSTs of the document that neither take the header nor have a row that says why. */
function unexplained({ paths }: Pick<OpenAPIObject, 'paths'>): readonly string[] {
  return Object.values(paths)
    .flatMap(({ post }) => (post ? [post as PostOperation] : []))
    .filter(({ parameters = [] }) => !parameters.some(({ name }) => name === HEADER))
    .map(({ operationId = '' }) => operationId)
    .filter((operationId) => !TABLE.includes(`\n| \`${operationId}\` | `));
}

const app = useTestApp({ modules: [ToysModule] });

describe('a public POST that takes an Idempotency-Key', () => {
  const demo = useApplication(app);
  const other = useApplication(app);

  const make = (session: PersonSession, key: string, body: object = BEAR, shelf = 'first') =>
    session.post(`/v1/toys/${shelf}`, body).set(HEADER, key);
  const madeBy = ({ userId }: PersonSession): number =>
    app.nest.get(Toys).made.filter((toy) => toy.userId === userId).length;

  it('creates one thing, and answers the same request alike, also in another session of the person', async () => {
    const person = aPerson();
    const session = await signInPerson(app, demo, person);
    const first = await make(session, 'k');
    expect(first.status).toBe(201);
    expect(first.headers['idempotent-replayed']).toBeUndefined();

    const again = await make(session, '"k"');
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    app.clock.advance(60);
    const elsewhere = await signInPerson(app, demo, person);
    expect(elsewhere.sessionId).not.toBe(session.sessionId);
    expect((await make(elsewhere, 'k')).body).toEqual(first.body);
    expect(madeBy(session)).toBe(1);

    await session.post('/v1/toys/first', BEAR).expect(201);
    expect(madeBy(session)).toBe(2);
  });

  it('creates another thing for another person, application, route or key', async () => {
    const person = aPerson();
    const session = await signInPerson(app, demo, person);
    const inOther = sessionOf(app, await app.signIn(other, person), person, () => ({}));
    expect(inOther.userId).toBe(session.userId);
    const neighbour = await signInPerson(app, demo);
    const answers = [
      await make(session, 'k'),
      await make(inOther, 'k'),
      await make(neighbour, 'k'),
      await make(session, 'k', BEAR, 'second'),
      await make(session, 'k2'),
    ];
    expect(new Set(answers.map(({ body }) => (body as ToyResponse).toy)).size).toBe(answers.length);
  });

  it('refuses a malformed key, and the same key with another body', async () => {
    const session = await signInPerson(app, demo);
    await make(session, 'k').expect(201);
    expectProblem(await make(session, 'k', { name: 'Car' }), 422, 'idempotency.key_reused');
    for (const key of ['', '""', 'two words', 'x'.repeat(256)])
      expectProblem(await make(session, key), 400, 'idempotency.invalid_key');
    expect(madeBy(session)).toBe(1);
  });

  it('refuses the same key while the first request is being answered', async () => {
    const session = await signInPerson(app, demo);
    const toys = app.nest.get(Toys);
    let resolve = (): void => undefined;
    toys.gate = new Promise((open) => {
      resolve = open;
    });
    try {
      const refused: Response[] = [];
      const all = times(12, () =>
        make(session, 'k').then((answer) => {
          if (answer.status !== 201) refused.push(answer);
          return answer;
        }),
      );
      await until(() => refused.length === 11);
      for (const answer of refused) {
        expectProblem(answer, 409, 'idempotency.in_progress');
        expect(answer.headers['retry-after']).toBe('1');
      }
      expectProblem(await make(session, 'k', { name: 'Car' }), 422, 'idempotency.key_reused');
      resolve();
      expect((await Promise.all(all)).map(({ status }) => status)).toContain(201);
    } finally {
      resolve();
    }
    expect(madeBy(session)).toBe(1);
  });

  it('forgets a refused request, and none whose outcome is unknown', async () => {
    const session = await signInPerson(app, demo);
    expectProblem(await make(session, 'k', { name: 'refused' }), 410, 'auth.code_used');
    expectProblem(await make(session, 'k', { name: 7 }), 400, 'request.invalid');
    await make(session, 'k').expect(201);

    expect((await make(session, 'lost', { name: 'broken' })).status).toBe(500);
    app.clock.advance(59);
    expectProblem(await make(session, 'lost', { name: 'broken' }), 409, 'idempotency.in_progress');
    app.clock.advance(1);
    expectProblem(await make(session, 'lost', { name: 'broken' }), 409, 'idempotency.unknown_outcome');

    expect((await make(session, 'ahead', { name: 'broken' })).status).toBe(500);
    await app.database.query(
      `UPDATE idempotency_keys SET created_at = created_at + interval '2 days' WHERE answer IS NULL`,
    );
    expectProblem(await make(session, 'ahead', { name: 'broken' }), 409, 'idempotency.unknown_outcome');

    expectProblem(await make(session, 'gone', { name: 'away' }), 503, 'service.unavailable');
    expectProblem(await make(session, 'gone', { name: 'away' }), 409, 'idempotency.in_progress');
  });

  it('remembers it for 24 hours', async () => {
    const session = await signInPerson(app, demo);
    const first = await make(session, 'k');
    app.clock.advance(24 * 3_600 - 1);
    await app.nest.get(AdminUpkeep).run();
    expect(
      (await (await signInPerson(app, demo, session.person)).post('/v1/toys/first', BEAR).set(HEADER, 'k'))
        .body,
    ).toEqual(first.body);
    app.clock.advance(2);
    expect((await make(await signInPerson(app, demo, session.person), 'k')).body).not.toEqual(first.body);
  });

  it('is no caller of the administration API', async () => {
    const session = await signInPerson(app, demo);
    await make(session, 'k').expect(201);
    const operator = await anOperator(app);
    const principal = { name: `toys ${session.userId}`, scopes: [] };
    await operator.post('/v1/admin/principals', principal).set(HEADER, 'k').expect(201);
  });

  /** The thief may write to the database, and does not have the key ring. */
  it('gives no answer to another caller, route or key whose digest a row was given', async () => {
    const victim = await anOperator(app);
    const kept = { name: 'deployer', scopes: [] };
    await victim.post('/v1/admin/principals', kept).set(HEADER, 'k').expect(201);
    const thief = await anOperator(app, ['principals:write']);
    const secrets = `/v1/admin/principals/${thief.principalId}/secrets`;

    const own = digestOf([thief.principalId, 'principals:write', `POST ${secrets}`, 'mine']);
    const theirs = [victim.principalId, allScopes.toSorted().join(' '), 'POST /v1/admin/principals', 'k'];
    const changed = await app.database.query(
      'UPDATE idempotency_keys SET digest = $1 WHERE digest = $2 RETURNING id',
      [own, digestOf(theirs)],
    );
    expect(changed.flat()).not.toEqual([]);
    const answer = await thief.post(secrets, kept).set(HEADER, 'mine');
    expectProblem(answer, 422, 'idempotency.key_reused');
    expect(answer.text).not.toContain('cs_ps_');
  });

  it('is documented with the header, its codes and when keys expire', async () => {
    const { paths } = inlined((await app.http.get('/openapi/public.json')).body as OpenAPIObject);
    const post = paths['/v1/toys/{shelf}']?.post;
    const header = post?.parameters?.find((one) => 'name' in one && one.name === HEADER);
    expect(header).toMatchObject({ in: 'header', required: false });
    expect(JSON.stringify(header)).toContain('within 24 hours');
    expect(JSON.stringify(post?.responses['201'])).toContain('Idempotent-Replayed');
    expect(Object.keys(post?.responses ?? {})).toEqual(expect.arrayContaining(['400', '409', '422']));
    expect((post as { 'x-error-codes'?: readonly string[] })['x-error-codes']).toEqual(
      expect.arrayContaining([
        'idempotency.invalid_key',
        'idempotency.in_progress',
        'idempotency.unknown_outcome',
        'idempotency.key_reused',
      ]),
    );
  });
});

describe('every public POST', () => {
  it('takes an Idempotency-Key, or has a row in docs/idempotency.md that says why not', async () => {
    const { paths } = inlined((await app.http.get('/openapi/public.json')).body as OpenAPIObject);
    expect(unexplained({ paths })).toEqual([]);

    const bare = { operationId: 'makeToy', responses: {} };
    expect(unexplained({ paths: { ...paths, '/v1/others': { post: bare } } })).toEqual(['makeToy']);
  });

  it('has a row only while it is there', async () => {
    const { paths } = inlined((await app.http.get('/openapi/public.json')).body as OpenAPIObject);
    const rows = [...TABLE.matchAll(/\n\| `(\w+)` \| /g)].map(([, operationId]) => operationId);
    const posts = Object.values(paths).map(({ post }) => post?.operationId);
    expect(rows.filter((row) => !posts.includes(row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });
});
