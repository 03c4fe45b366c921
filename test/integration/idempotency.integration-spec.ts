import { Body, Injectable, Module, Param, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import type { Response } from 'supertest';
import { AdminController, scopesInUse, CreatesOnce, Operation, adminScopes } from '@countersign/admin';
import { authError } from '@countersign/auth';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { ExpiryUpkeep, unavailable } from '@countersign/database';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator, tokenOf, type Operator } from '../support/operator';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

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
  readonly made: string[] = [];
  /** What the next requests wait for. */
  gate: Promise<void> = Promise.resolve();

  async make(name: string): Promise<ToyResponse> {
    await this.gate;
    if (name === 'refused') throw authError('auth.code_used');
    if (name === 'broken') throw new Error('broken');
    if (name === 'away') throw unavailable(new Error('the connection broke at the commit'));
    return { toy: this.made.push(name) };
  }
}

@AdminController('toys', 'Principals')
class ToysController {
  constructor(private readonly toys: Toys) {}

  @Post(':shelf')
  @Operation('makeToy', adminScopes.principalsWrite, ToyResponse, { summary: 'Make a toy', status: 201 })
  @CreatesOnce()
  make(@Param('shelf') _: string, @Body() { name }: ToyRequest): Promise<ToyResponse> {
    return this.toys.make(name);
  }
}

@Module({ providers: [Toys], controllers: [ToysController] })
class ToysModule {}

const HEADER = 'Idempotency-Key';
const BEAR = { name: 'Bear' };

const digestOf = (parts: readonly string[]): Buffer => sha256(lengthPrefixed(parts));

const app = useTestApp({ modules: [ToysModule] });

describe('a POST that takes an Idempotency-Key', () => {
  const operator: Operator = useFixture(() => anOperator(app));

  const make = (key: string, body: object = BEAR, shelf = 'first', by = operator) =>
    by.post(`/v1/admin/toys/${shelf}`, body).set(HEADER, key);
  const made = (): number => app.nest.get(Toys).made.length;

  it('creates one thing, and answers the same request alike', async () => {
    const before = made();
    const first = await make('k');
    expect(first.status).toBe(201);
    expect(first.headers['idempotent-replayed']).toBeUndefined();

    const again = await make('"k"');
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(made()).toBe(before + 1);

    await operator.post('/v1/admin/toys/first', BEAR).expect(201);
    expect(made()).toBe(before + 2);
  });

  it('answers another token of the principal alike, and none with fewer scopes', async () => {
    const first = await make('of-scopes');
    const { principalId, clientSecret } = operator;
    const again = async (scope?: string): Promise<Response> => {
      const token = await tokenOf(app, principalId, clientSecret, scope);
      const call = app.admin.post('/v1/admin/toys/first').set('authorization', `Bearer ${token}`);
      return call.set(HEADER, 'of-scopes').send(BEAR);
    };

    expect((await again()).body).toEqual(first.body);
    expect((await again('principals:write users:read')).body).not.toEqual(first.body);
    const stored = await app.database.query<{ answer: string }>('SELECT answer FROM idempotency_keys');
    expect(stored.every(({ answer }) => answer.startsWith('v1:'))).toBe(true);
  });

  it('refuses the same key while the first request is being answered', async () => {
    const before = made();
    const toys = app.nest.get(Toys);
    let resolve = (): void => undefined;
    toys.gate = new Promise((open) => {
      resolve = open;
    });
    try {
      const refused: Response[] = [];
      const all = times(12, () =>
        make('at-once').then((answer) => {
          if (answer.status !== 201) refused.push(answer);
          return answer;
        }),
      );
      await until(() => refused.length === 11);
      for (const answer of refused) {
        expectProblem(answer, 409, 'idempotency.in_progress');
        expect(answer.headers['retry-after']).toBe('1');
      }
      expectProblem(await make('at-once', { name: 'Car' }), 422, 'idempotency.key_reused');
      resolve();
      expect((await Promise.all(all)).map(({ status }) => status)).toContain(201);
    } finally {
      resolve();
    }
    expect(made()).toBe(before + 1);
  });

  it('forgets a refused request, and none whose outcome is unknown', async () => {
    expectProblem(await make('r', { name: 'refused' }), 410, 'auth.code_used');
    expectProblem(await make('r', { name: 7 }), 400, 'request.invalid');
    await make('r').expect(201);

    expect((await make('lost', { name: 'broken' })).status).toBe(500);
    app.clock.advance(59);
    expectProblem(await make('lost', { name: 'broken' }), 409, 'idempotency.in_progress');
    app.clock.advance(1);
    expectProblem(await make('lost', { name: 'broken' }), 409, 'idempotency.unknown_outcome');

    expect((await make('ahead', { name: 'broken' })).status).toBe(500);
    await app.database.query(
      `UPDATE idempotency_keys SET created_at = created_at + interval '2 days' WHERE answer IS NULL`,
    );
    expectProblem(await make('ahead', { name: 'broken' }), 409, 'idempotency.unknown_outcome');

    expectProblem(await make('gone', { name: 'away' }), 503, 'service.unavailable');
    expectProblem(await make('gone', { name: 'away' }), 409, 'idempotency.in_progress');
  });

  it('remembers it for 24 hours', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const later = async (): Promise<Response> => {
      const token = await tokenOf(app, principalId, clientSecret);
      const call = app.admin.post('/v1/admin/toys/first').set('authorization', `Bearer ${token}`);
      return call.set(HEADER, 'day').send(BEAR);
    };
    const first = await later();
    app.clock.advance(24 * 3_600 - 1);
    await app.nest.get(ExpiryUpkeep).run();
    expect((await later()).body).toEqual(first.body);
    app.clock.advance(2);
    expect((await later()).body).not.toEqual(first.body);
  });

  /** The thief may write to the database, and does not have the key ring. */
  it('gives no answer to another caller, route or key whose digest a row was given', async () => {
    const victim = await anOperator(app);
    const kept = { name: 'deployer', scopes: [] };
    await victim.post('/v1/admin/principals', kept).set(HEADER, 'k').expect(201);
    const thief = await anOperator(app, ['principals:write']);
    const secrets = `/v1/admin/principals/${thief.principalId}/secrets`;

    const own = digestOf([thief.principalId, 'principals:write', `POST ${secrets}`, 'mine']);
    const theirs = [
      victim.principalId,
      scopesInUse.names.toSorted().join(' '),
      'POST /v1/admin/principals',
      'k',
    ];
    const changed = await app.database.query(
      'UPDATE idempotency_keys SET digest = $1 WHERE digest = $2 RETURNING id',
      [own, digestOf(theirs)],
    );
    expect(changed.flat()).not.toEqual([]);
    const answer = await thief.post(secrets, kept).set(HEADER, 'mine');
    expectProblem(answer, 422, 'idempotency.key_reused');
    expect(answer.text).not.toContain('cs_ps_');
  });
});
