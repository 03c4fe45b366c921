import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PATH = '/v1/admin/installation';
const initial = { usernameLookup: false };

describe('the installation', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const operator: Operator = useFixture(() => anOperator(app, ['installation:read', 'installation:write']));

  it('is read and changed, with a record, as at the command line', async () => {
    const read = await operator.get(PATH);
    expect(read.status).toBe(200);
    expect(read.body).toEqual(initial);

    const changed = await operator.patch(PATH, { usernameLookup: true });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ usernameLookup: true });
    expect(await countersign.json('installation show')).toEqual(changed.body);
    expect(await auditOf(app, { action: 'installation.changed' })).toEqual([
      {
        action: 'installation.changed',
        actor: `principal:${operator.principalId}`,
        subject: null,
        applicationId: null,
        details: { usernameLookup: 'true' },
      },
    ]);
    expect(await countersign.json('installation set --username-lookup off')).toEqual(initial);
    expect((await operator.get(PATH)).body).toEqual(initial);
    expect((await countersign.run('installation show')).output).toMatch(/^usernameLookup +false/);
    await expect(countersign.run('installation set')).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('stays as it is for a patch without fields', async () => {
    const before = await auditOf(app, { action: 'installation.changed' });
    const answer = await operator.patch(PATH, {});
    expect(answer.body).toEqual((await operator.get(PATH)).body);
    expect(await auditOf(app, { action: 'installation.changed' })).toHaveLength(before.length);
  });

  it.each<[object, number, string]>([
    [{ usernameLookup: 'true' }, 400, 'request.invalid'],
    [{ isOnly: false }, 400, 'request.unknown_field'],
    [[], 400, 'request.invalid'],
  ])('refuses %j', async (patch, status, code) => {
    expectProblem(await operator.patch(PATH, patch), status, code);
  });

  it('needs the scopes', async () => {
    const reader = await anOperator(app, ['installation:read']);
    const writer = await anOperator(app, ['installation:write']);
    expectProblem(await reader.patch(PATH, { usernameLookup: false }), 403, 'principal.scope_missing');
    expectProblem(await writer.get(PATH), 403, 'principal.scope_missing');
  });
});
