import { InstallationService } from '@countersign/account';
import { PrincipalsService, type Scope } from '@countersign/admin';
import { actingAs, AuditSeals } from '@countersign/audit';
import { generateKeyPair, exportJWK } from 'jose';
import { aPerson, type SignInBody } from '../factories';
import { forgetOrigin, sealAll } from '../support/audit-seals';
import { expectProblem } from '../support/expect-problem';
import { anOperator, operatorMadeBy, operatorOf, type Operator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const REQUESTS = '/v1/admin/reveal-requests';
const READ: readonly Scope[] = ['users:reveal'];
const APPROVE: readonly Scope[] = ['users:reveal_approve'];
const BOTH: readonly Scope[] = ['principals:read', 'principals:write', ...READ, ...APPROVE];

describe('the independence of two principals', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const demo = useApplication(app, { settings: { dataNeeds: ['name'] } });
  const person: SignInBody = useFixture(() => app.signIn(demo, aPerson({ first_name: 'Augusta' })), {
    per: 'test',
  });
  /** Made at the command line, as all that `anOperator` makes. */
  const alice: Operator = useFixture(() => anOperator(app, BOTH), { per: 'test' });

  beforeEach(() => app.nest.get(InstallationService).change({ revealApproval: 'second-principal' }));

  const made = (by: Operator, scopes: readonly Scope[]) => operatorMadeBy(app, by, scopes);
  const pathOf = ({ principalId }: Operator) => `/v1/admin/principals/${principalId}`;
  const change = async (by: Operator, of: Operator, values: object) => {
    expect((await by.patch(pathOf(of), values, '*')).status).toBe(200);
  };
  const reveal = (by: Operator) =>
    by.post(`/v1/admin/users/${person.userId}/reveal`, { fields: ['identity.firstName'], reason: 'x' });

  /** Principals that exist when it is made. */
  async function request(by: Operator): Promise<string> {
    app.clock.advance(1);
    const answer = await reveal(by);
    expectProblem(answer, 409, 'user.reveal_approval_pending');
    return (answer.body as { revealRequestId: string }).revealRequestId;
  }
  const approve = async (reader: Operator, approver: Operator) =>
    approver.post(`${REQUESTS}/${await request(reader)}/approve`);

  async function expectDependent(reader: Operator, approver: Operator, by?: Operator): Promise<void> {
    const answer = await approve(reader, approver);
    expectProblem(answer, 403, 'user.reveal_not_independent');
    if (by) expect(answer.text).toContain(by.principalId);
    expectProblem(await reveal(reader), 409, 'user.reveal_approval_pending');
  }

  it('is given where the command line made both, or two administrators that it made', async () => {
    expect((await approve(await anOperator(app, READ), await anOperator(app, APPROVE))).status).toBe(200);
    const reader = await made(alice, READ);
    const approver = await made(await anOperator(app, BOTH), APPROVE);
    expect((await approve(reader, approver)).status).toBe(200);
    expect((await reveal(reader)).text).toContain('Augusta');
  });

  it('is not given where one principal made both', async () => {
    await expectDependent(await made(alice, READ), await made(alice, APPROVE), alice);
  });

  it('is not given where it made both and may do neither any more', async () => {
    const [reader, approver] = [await made(alice, READ), await made(alice, APPROVE)];
    await change(alice, alice, { scopes: ['principals:read', 'principals:write'] });
    await expectDependent(reader, approver, alice);
  });

  it('is not given where it had others make them, also after these are gone', async () => {
    const [one, other] = [await made(alice, BOTH), await made(alice, BOTH)];
    const [reader, approver] = [await made(one, READ), await made(other, APPROVE)];
    await expectDependent(reader, approver, alice);
    for (const between of [one, other]) expect((await alice.delete(pathOf(between))).status).toBe(204);
    await expectDependent(reader, approver, alice);
  });

  it('is not given where it made one, and had a secret of the other, also one that is used up', async () => {
    const [reader, approver] = [await made(alice, READ), await anOperator(app, APPROVE)];
    const added = await alice.post(`${pathOf(approver)}/secrets`, { name: 'once', isOneTime: true });
    expect(added.status).toBe(201);
    const { clientSecret } = added.body as { clientSecret: string };
    await expectDependent(reader, await operatorOf(app, approver.principalId, clientSecret), alice);
  });

  it('is not given where it had a secret of who made the other', async () => {
    const between = await anOperator(app, BOTH);
    const added = await alice.post(`${pathOf(between)}/secrets`, { name: 'mine' });
    const { clientSecret } = added.body as { clientSecret: string };
    const approver = await made(await operatorOf(app, between.principalId, clientSecret), APPROVE);
    await expectDependent(await made(alice, READ), approver, alice);
  });

  it('is not given where it set a key of the other', async () => {
    const [reader, approver] = [await made(alice, READ), await anOperator(app, APPROVE)];
    const { publicKey } = await generateKeyPair('ES256');
    await change(alice, approver, { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] });
    await change(alice, approver, { keys: [] });
    await expectDependent(reader, approver, alice);
  });

  it.each([
    ['who decides made who asks', (one: Operator, two: Operator) => [two, one] as const],
    ['who asks made who decides', (one: Operator, two: Operator) => [one, two] as const],
  ])('is not given where %s, and lost the right to', async (_, order) => {
    const maker = await anOperator(app, BOTH);
    const [reader, approver] = order(maker, await made(maker, [...READ, ...APPROVE]));
    await change(alice, maker, { scopes: [...READ, ...APPROVE] });
    await expectDependent(reader, approver, maker);
  });

  it('is not lost by secrets that principals add to themselves', async () => {
    const [reader, approver] = [await anOperator(app, READ), await anOperator(app, APPROVE)];
    for (const one of [reader, approver])
      expect((await one.post('/v1/admin/me/secrets', { name: 'own' })).status).toBe(201);
    expect((await approve(reader, approver)).status).toBe(200);
  });

  it('is not given where the origin of one is unknown, as of principals from before the upgrade', async () => {
    const [reader, approver] = [await anOperator(app, READ), await anOperator(app, APPROVE)];
    const administrator = await anOperator(app, BOTH);
    const [ofReader, ofApprover] = [await anOperator(app, APPROVE), await anOperator(app, READ)];
    await sealAll(app);
    await app.database.query(
      'UPDATE principals SET origins = NULL, mac = NULL, mac_key_id = NULL WHERE id = ANY($1)',
      [[reader, approver, administrator].map(({ principalId }) => principalId)],
    );
    await forgetOrigin(app);
    await app.nest.get(AuditSeals).adopt();
    await expectDependent(reader, ofReader);
    await expectDependent(ofApprover, approver);
    await expectDependent(await made(administrator, READ), ofReader);
    expect((await approve(ofApprover, ofReader)).status).toBe(200);
  });

  it('is not given by origins that were changed in the database', async () => {
    const approver = await anOperator(app, BOTH);
    const reader = await made(approver, READ);
    const id = await request(reader);
    await app.database.query(`UPDATE principals SET origins = '{operator}' WHERE id = $1`, [
      reader.principalId,
    ]);
    await change(alice, approver, { scopes: [...APPROVE] });
    expectProblem(await approver.post(`${REQUESTS}/${id}/approve`), 403, 'user.reveal_not_independent');
  });

  it('is not given to the command line for a principal that it made or has a secret of, under any name', async () => {
    // Commands have a clock of their own.
    const [reader, other] = [await anOperator(app, READ), await made(alice, READ)];
    const [own, foreign] = [await request(reader), await request(other)];
    for (const name of ['', ' --as bob'])
      await expect(countersign.run(`user approve-reveal ${own}${name}`)).rejects.toMatchObject({
        code: 'user.reveal_not_independent',
      });
    expect((await countersign.run(`user approve-reveal ${foreign}`)).exitCode).toBe(0);
    expect((await reveal(other)).status).toBe(200);
    await actingAs('operator:bob', () =>
      app.nest.get(PrincipalsService).addSecret(other.principalId, { name: 'bob' }, null),
    );
    const later = await request(other);
    await expect(countersign.run(`user approve-reveal ${later}`)).rejects.toMatchObject({
      code: 'user.reveal_not_independent',
    });
  });

  it('can be told from who made each principal, and each of its secrets', async () => {
    const reader = await made(alice, READ);
    await alice.post(`${pathOf(reader)}/secrets`, { name: 'of alice' });
    await reader.post('/v1/admin/me/secrets', { name: 'own' });
    const actors = [alice, alice, reader].map(({ principalId }) => `principal:${principalId}`);
    expect((await alice.get(pathOf(reader))).body).toMatchObject({ createdBy: actors[0] });
    const { items } = (await alice.get(`${pathOf(reader)}/secrets`)).body as {
      items: { issuedBy: string }[];
    };
    expect(items.map(({ issuedBy }) => issuedBy)).toEqual(actors);
    const shown = await countersign.run(`principal show ${reader.principalId}`);
    expect(shown.output).toMatch(`made by    ${actors[0]}`);
  });
});
