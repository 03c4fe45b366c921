import { times } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PATH = '/v1/admin/installation';
const initial = {
  usernameLookup: false,
  separationDays: 7,
};

describe('the installation', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const operator: Operator = useFixture(() => anOperator(app, ['installation:read', 'installation:write']));
  const etagNow = async (): Promise<string> => String((await operator.get(PATH)).headers['etag']);

  it('is read and changed, with a record, as at the command line', async () => {
    const read = await operator.get(PATH);
    expect(read.status).toBe(200);
    expect(read.body).toEqual(initial);

    const etag = await etagNow();
    const changed = await operator.patch(PATH, { separationDays: 8 }, etag);
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...initial, separationDays: 8 });
    expect(changed.headers['etag']).toBe(await etagNow());
    expect(changed.headers['etag']).not.toBe(etag);
    expect(await countersign.json('installation show')).toEqual(changed.body);
    expect(await auditOf(app, { action: 'installation.changed' })).toEqual([
      {
        action: 'installation.changed',
        actor: `principal:${operator.principalId}`,
        subject: null,
        applicationId: null,
        details: { separationDays: '8' },
      },
    ]);
    await countersign.json('installation set --separation-days 7');
    expect((await operator.get(PATH)).body).toEqual(initial);
  });

  it('changes several settings at once, the others stay, and one record names those', async () => {
    const wanted = { usernameLookup: true, separationDays: 9 };
    const changed = await operator.patch(PATH, wanted, '*');
    expect(changed.body).toEqual(wanted);
    expect((await operator.get(PATH)).body).toEqual(changed.body);
    const last = (await auditOf(app, { action: 'installation.changed' })).at(-1);
    expect(last?.details).toEqual({
      usernameLookup: 'true',
      separationDays: '9',
    });
    const back = '--username-lookup off --separation-days 7';
    expect(await countersign.json(`installation set ${back}`)).toEqual(initial);
    expect((await countersign.run('installation show')).output).toMatch(/^usernameLookup +false\n/);
    await expect(countersign.run('installation set')).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('is changed by one of many who decided on the same state', async () => {
    const etag = await etagNow();
    const { body } = await operator.get(PATH);
    const separationDays = (body as { separationDays: number }).separationDays + 1;
    const answers = await Promise.all(times(10, () => operator.patch(PATH, { separationDays }, etag)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers)
      if (answer.status !== 200) expectProblem(answer, 412, 'precondition.failed');
  });

  it('stays as it is for a patch without fields', async () => {
    const before = await auditOf(app, { action: 'installation.changed' });
    const answer = await operator.patch(PATH, {}, '*');
    expect(answer.body).toEqual((await operator.get(PATH)).body);
    expect(await auditOf(app, { action: 'installation.changed' })).toHaveLength(before.length);
    expectProblem(await operator.patch(PATH, {}, '"x"'), 412, 'precondition.failed');
  });

  it.each<[object, string | undefined, number, string]>([
    [{ separationDays: 7 }, undefined, 428, 'precondition.required'],
    [{ separationDays: 7 }, '"x"', 412, 'precondition.failed'],
    [{ usernameLookup: 'true' }, '*', 400, 'request.invalid'],
    [{ separationDays: 0 }, '*', 400, 'request.invalid'],
    [{ separationDays: 31 }, '*', 400, 'request.invalid'],
    [{ isOnly: false }, '*', 400, 'request.unknown_field'],
    [[], '*', 400, 'request.invalid'],
  ])('refuses %j with If-Match %s', async (patch, etag, status, code) => {
    expectProblem(await operator.patch(PATH, patch, etag), status, code);
  });

  it('needs the scopes', async () => {
    const reader = await anOperator(app, ['installation:read']);
    const writer = await anOperator(app, ['installation:write']);
    expectProblem(await reader.patch(PATH, { separationDays: 7 }, '*'), 403, 'principal.scope_missing');
    expectProblem(await writer.get(PATH), 403, 'principal.scope_missing');
  });
});
