import { auditOf } from '../support/audit';
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
});
