import { randomUUID } from 'node:crypto';
import { PrincipalsService } from '@countersign/admin';
import { expectProblem } from '../support/expect-problem';
import { anOperator, tokenOf, type Operator } from '../support/operator';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

const EXCEEDS = 'principal.exceeds_own_scopes';

describe('a principal of the administration API', () => {
  const app = useTestApp();
  const scopesOf = async ({ principalId }: Operator): Promise<readonly string[]> =>
    (await app.nest.get(PrincipalsService).get(principalId)).scopes;

  it('gets no secret and no change of itself by a token for some of its scopes', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const weak = await tokenOf(app, principalId, clientSecret, 'principals:write');
    const authorization = `Bearer ${weak}`;
    const path = `/v1/admin/principals/${principalId}`;

    const added = app.admin.post(`${path}/secrets`).set({ authorization }).send({ name: 'more' });
    expectProblem(await added, 403, EXCEEDS);
    for (const change of [{ scopes: ['principals:write'] }, { name: randomUUID() }]) {
      const changed = app.admin.patch(path).set({ authorization }).send(change);
      expectProblem(await changed, 403, EXCEEDS);
    }
  });

  it.each<[string, string, (by: Operator, other: Operator) => PromiseLike<{ status: number }>]>([
    [
      'creating',
      'users:read',
      (by) => by.post('/v1/admin/principals', { name: randomUUID(), scopes: ['users:read'] }),
    ],
    [
      'creating, without the right to',
      'principals:write',
      (by) => by.post('/v1/admin/principals', { name: randomUUID(), scopes: ['users:read'] }),
    ],
    [
      'changing',
      'principals:write',
      (by, { principalId }) => by.patch(`/v1/admin/principals/${principalId}`, { status: 'disabled' }),
    ],
    ['removing', 'users:read', (by, { principalId }) => by.delete(`/v1/admin/principals/${principalId}`)],
    [
      'removing, without the right to',
      'principals:write',
      (by, { principalId }) => by.delete(`/v1/admin/principals/${principalId}`),
    ],
    [
      'adding a secret',
      'principals:write',
      (by, { principalId }) => by.post(`/v1/admin/principals/${principalId}/secrets`, { name: 'mine' }),
    ],
  ])(
    'does nothing more after a scope was taken away that it had when it called: %s',
    async (_, lost, act) => {
      const operator = await anOperator(app, ['principals:write', 'users:read']);
      const other = await anOperator(app, ['users:read']);
      const held = await app.database.hold('LOCK TABLE principals IN SHARE ROW EXCLUSIVE MODE');
      const acting = Promise.resolve(act(operator, other));
      await until(() => app.isWaitingFor('LOCK TABLE principals'));
      await held.run('UPDATE principals SET scopes = array_remove(scopes, $1) WHERE id = $2', [
        lost,
        operator.principalId,
      ]);
      await held.commit();

      expect((await acting).status).toBe(403);
      expect(await scopesOf(other)).toEqual(['users:read']);
    },
  );

  it('does nothing more after the secret of its token was removed', async () => {
    const operator = await anOperator(app);
    const held = await app.database.hold('LOCK TABLE principals IN SHARE ROW EXCLUSIVE MODE');
    const acting = Promise.resolve(
      operator.post(`/v1/admin/principals/${operator.principalId}/secrets`, { name: 'to come back' }),
    );
    await until(() => app.isWaitingFor('LOCK TABLE principals'));
    for (const table of ['principal_secrets', 'principal_tokens'])
      await held.run(`DELETE FROM ${table} WHERE principal_id = $1`, [operator.principalId]);
    await held.commit();

    expectProblem(await acting, 401, 'principal.unauthenticated');
    expect(await app.nest.get(PrincipalsService).listSecrets(operator.principalId)).toEqual([]);
  });
});
