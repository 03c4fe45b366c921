import { AuditSeals, AuditVerification, AuditVerifier } from '@countersign/audit';
import { PrincipalsService } from '@countersign/admin';
import { forgetOrigin, problemsOf, sealAll, verifyNow } from '../support/audit-seals';
import { anOperator, tokenOf, type Operator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useTestApp } from '../support/use-test-app';

const FORGED_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const SECRET = `cs_ps_${'x'.repeat(43)}`;
const DIGEST = `sha256(convert_to('${SECRET}', 'UTF8'))`;

/** The attacker may write to the database, and does not have the key ring. */
describe('rows that grant rights, written from outside', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);

  const query = (statement: string, parameters: readonly unknown[] = []): Promise<unknown> =>
    app.database.query(statement, parameters);
  const insertPrincipal = (): Promise<unknown> =>
    query(
      `INSERT INTO principals (id, name, kind, status, scopes, keys, created_at, updated_at)
       SELECT $1, 'forged', kind, status, scopes, keys, created_at, updated_at FROM principals LIMIT 1`,
      [FORGED_ID],
    );
  const insertSecret = (principalId: string): Promise<unknown> =>
    query(
      `INSERT INTO principal_secrets (id, principal_id, name, digest, is_one_time, created_at)
       VALUES (gen_random_uuid(), $1, 'forged', ${DIGEST}, false, now())`,
      [principalId],
    );
  const askToken = (principalId: string, secret: string): Promise<number> =>
    app.admin
      .post('/v1/admin/token')
      .auth(principalId, secret)
      .type('form')
      .send({ grant_type: 'client_credentials' })
      .then(({ status }) => status);
  const found = async (): Promise<readonly (string | null)[][]> =>
    (await verifyNow(app)).problems.map(({ code, principalId }) => [code, principalId]);

  let alice: Operator;
  beforeEach(async () => {
    await query('DELETE FROM principals');
    alice = await anOperator(app);
  });

  it('grant what they say where this service wrote them', async () => {
    await alice.get('/v1/admin/principals').expect(200);
    await app.nest.get(PrincipalsService).update(alice.principalId, { name: 'renamed' }, null);
    await tokenOf(app, alice.principalId, alice.clientSecret);

    expect(await found()).toEqual([]);
  });

  it('as a principal with a secret get no token, and verification names the principal', async () => {
    await insertPrincipal();
    await insertSecret(FORGED_ID);

    expect(await askToken(FORGED_ID, SECRET)).toBe(401);
    expect(await found()).toEqual([
      ['principal_forged', FORGED_ID],
      ['principal_unknown', FORGED_ID],
    ]);
    const { output } = await countersign.run('audit verify');
    expect(output).toContain(FORGED_ID);
    expect(app.logLines.some((line) => line.includes('grants rights was not written'))).toBe(true);
  });

  it('as a principal with the code of another get none', async () => {
    await insertPrincipal();
    await query(
      `UPDATE principals SET (mac, mac_key_id) = (SELECT mac, mac_key_id FROM principals WHERE id <> $1 LIMIT 1)
       WHERE id = $1`,
      [FORGED_ID],
    );
    await insertSecret(FORGED_ID);

    expect(await askToken(FORGED_ID, SECRET)).toBe(401);
    expect(await found()).toContainEqual(['principal_forged', FORGED_ID]);
  });

  it('as a secret of a genuine principal get none', async () => {
    await insertSecret(alice.principalId);

    expect(await askToken(alice.principalId, SECRET)).toBe(401);
    expect(await found()).toEqual([['principal_forged', alice.principalId]]);
  });

  it('as wider scopes end the principal, until it is removed', async () => {
    const narrow = await anOperator(app, ['users:read']);
    await query(`UPDATE principals SET scopes = scopes || 'users:reveal'::text WHERE id = $1`, [
      narrow.principalId,
    ]);

    expect(await askToken(narrow.principalId, narrow.clientSecret)).toBe(401);
    await narrow.get('/v1/admin/me').expect(401);
    expect(await found()).toEqual([['principal_forged', narrow.principalId]]);
    const etag = (await alice.get(`/v1/admin/principals/${narrow.principalId}`).expect(200)).headers['etag'];
    const answer = await alice.patch(
      `/v1/admin/principals/${narrow.principalId}`,
      { scopes: ['users:read'] },
      etag,
    );
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([409, 'principal.forged']);
    await alice.delete(`/v1/admin/principals/${narrow.principalId}`).expect(204);
    expect(await found()).toEqual([]);
  });

  it.each(['principals', 'principal_secrets'])(
    'with another date in %s, from before the trail, grant nothing and are named',
    async (table) => {
      await query(`UPDATE ${table} SET created_at = '2020-01-01'`);

      expect(await askToken(alice.principalId, alice.clientSecret)).toBe(401);
      expect(await found()).toEqual([['principal_forged', alice.principalId]]);
    },
  );

  it.each([
    ['of another principal', 'principal_id = $2'],
    ['with wider scopes', `scopes = scopes || 'users:reveal'::text`],
    ['for longer', `expires_at = expires_at + interval '1 day'`],
  ])('as a token %s end it', async (_title, change) => {
    const narrow = await anOperator(app, ['users:read']);
    await query(
      `UPDATE principal_tokens SET ${change.replace('$2', `'${alice.principalId}'`)} WHERE principal_id = $1`,
      [narrow.principalId],
    );

    await narrow.get('/v1/admin/users').expect(401);
    expect(await found()).toHaveLength(1);
  });

  it('as a row that was removed show that it was put back', async () => {
    const { principalId } = await anOperator(app, ['users:read']);
    await query(`CREATE TABLE kept_principals AS SELECT * FROM principals WHERE id = '${principalId}'`);
    await alice.delete(`/v1/admin/principals/${principalId}`).expect(204);
    await query('INSERT INTO principals SELECT * FROM kept_principals');

    expect(await found()).toEqual([['principal_removed', principalId]]);
  });

  it.each([
    ['used one-time', true],
    ['removed', false],
  ])('as a %s secret that was put back get no token, and are named', async (_, isOneTime) => {
    const service = app.nest.get(PrincipalsService);
    const added = await service.addSecret(alice.principalId, { name: 'again', isOneTime }, null);
    const { secretId, clientSecret } = added;
    await query('DROP TABLE IF EXISTS kept_secrets');
    await query(`CREATE TABLE kept_secrets AS SELECT * FROM principal_secrets WHERE id = '${secretId}'`);
    expect(await askToken(alice.principalId, clientSecret)).toBe(200);
    if (!isOneTime) await service.removeSecret(alice.principalId, secretId, null);
    await query('INSERT INTO principal_secrets SELECT * FROM kept_secrets');

    expect(await askToken(alice.principalId, clientSecret)).toBe(401);
    expect(await found()).toEqual([['principal_forged', alice.principalId]]);
    expect(await app.nest.get(AuditVerification).run()).toMatchObject({ problemCount: 1 });
    expect(await askToken(alice.principalId, alice.clientSecret)).toBe(200);

    await service.removeSecret(alice.principalId, secretId, null);
    expect(await found()).toEqual([]);
  });

  it('get codes once, at the first start after the upgrade', async () => {
    await sealAll(app);
    for (const table of ['principals', 'principal_secrets', 'principal_tokens'])
      await query(`UPDATE ${table} SET mac = NULL, mac_key_id = NULL`);
    await query(`UPDATE principals SET secret_ids = '{}'`);
    await forgetOrigin(app);
    await app.nest.get(AuditSeals).adopt();
    await sealAll(app);

    await tokenOf(app, alice.principalId, alice.clientSecret);
    expect(problemsOf(await app.nest.get(AuditVerifier).verify())).toEqual([]);
    const [record] = await app.database.query<{ details: object }>(
      `SELECT details FROM audit_records WHERE action = 'audit.adopted'`,
    );
    expect(record?.details).toMatchObject({ principals: '1' });

    await query('UPDATE principals SET mac = NULL, mac_key_id = NULL');
    await app.nest.get(AuditSeals).adopt();
    expect(await askToken(alice.principalId, alice.clientSecret)).toBe(401);
  });
});
