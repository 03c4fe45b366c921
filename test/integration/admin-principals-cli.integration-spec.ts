import { allScopes } from '@countersign/admin';
import { auditOf } from '../support/audit';
import { tokenOf } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useTestApp } from '../support/use-test-app';

interface Created {
  readonly principalId: string;
  readonly secretId: string;
  readonly clientSecret: string;
  readonly expiresAt: string;
}

const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

describe('countersign principal', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);

  const create = (name: string, rest = '--scope users:read'): Promise<Created> =>
    countersign.json<Created>(`principal create --name ${name} ${rest}`);

  it('makes the first administrator, whose secret expires', async () => {
    const { output } = await countersign.run('principal create --name anna --all-scopes --as bootstrap');
    const [, principalId = '', clientSecret = ''] =
      /^Principal (\S+)\nClient secret (cs_ps_\S+) \(shown once, until \S+Z\)\n$/.exec(output) ?? [];

    const accessToken = await tokenOf(app, principalId, clientSecret);
    const own = await app.admin.get('/v1/admin/me').set('authorization', `Bearer ${accessToken}`);
    expect(own.body).toMatchObject({ principalId, name: 'anna', scopes: [...allScopes] });
    expect(await countersign.json(`principal show ${principalId}`)).toEqual(own.body);
    const [created] = await auditOf(app, { subject: principalId, action: 'principal.created' });
    expect(created?.actor).toBe('operator:bootstrap');
  });

  it('lists newest first, one object per line, up to the limit', async () => {
    const made: string[] = [];
    for (const name of ['one', 'two', 'three']) made.unshift((await create(name)).principalId);

    const listed = await countersign.lines<Record<string, unknown>>('principal list --limit 2');
    expect(listed.map(({ principalId }) => principalId)).toEqual(made.slice(0, 2));
    expect(JSON.stringify(listed)).not.toContain('cs_ps_');
    const { output } = await countersign.run('principal list');
    expect(output.split('\n')[0]).toMatch(/^principal +status +created +scopes +name$/);
    expect(output.split('\n')[1]).toMatch(new RegExp(`^${made[0] ?? ''}  active  \\S+ +1 +three$`));
    for (const limit of ['0', '10001', 'many', '1.5'])
      expect(await countersign.failure(`principal list --limit ${limit}`)).toContain('--limit must be');
  });

  it('changes what is passed, and nothing else', async () => {
    const { principalId } = await create('to-change');

    expect(
      await countersign.json(`principal set ${principalId} --scope jobs:read --scope audit:read`),
    ).toMatchObject({ name: 'to-change', status: 'active', scopes: ['jobs:read', 'audit:read'] });
    expect(
      await countersign.json(`principal set ${principalId} --status disabled --name changed`),
    ).toMatchObject({ name: 'changed', status: 'disabled', scopes: ['jobs:read', 'audit:read'] });
    const { output } = await countersign.run(`principal show ${principalId}`);
    expect(output).toMatch(/^principal {2}\S+\nname {7}changed\nstatus {5}disabled\n/);
    expect(await countersign.failure(`principal set ${principalId}`)).toContain('Pass --name');
  });

  it('adds, lists and removes secrets', async () => {
    const { principalId, secretId } = await create('with-secrets');
    const expiresAt = new Date(app.clock.now().getTime() + 864e5).toISOString();

    const added = await countersign.json<Created>(
      `principal add-secret ${principalId} --name next --expires ${expiresAt}`,
    );
    expect(added).toMatchObject({ expiresAt });
    const listed = await countersign.lines<Record<string, unknown>>(`principal list-secrets ${principalId}`);
    expect(listed.map(({ name }) => name)).toEqual(['first', 'next']);
    expect(JSON.stringify(listed)).not.toContain('cs_ps_');
    expect((await countersign.run(`principal list-secrets ${principalId}`)).output).toContain(added.secretId);

    await countersign.json(`principal remove-secret ${principalId} --secret ${secretId}`);
    expect(
      await countersign.lines<Record<string, unknown>>(`principal list-secrets ${principalId}`),
    ).toHaveLength(1);
    expect(
      await countersign.failure(`principal remove-secret ${principalId} --secret ${secretId}`),
    ).toContain('principal.secret_not_found');
    await countersign.json(`principal remove ${principalId}`);
    expect(await countersign.failure(`principal show ${principalId}`)).toContain('principal.not_found');
  });

  it.each([
    ['create --name x', 'Pass --scope or --all-scopes.'],
    ['create --name x --scope jobs:read --all-scopes', 'Pass --scope or --all-scopes.'],
    ['create --name x --scope jobs:fly', 'request.invalid'],
    ['create --name <b> --scope jobs:read', 'request.invalid'],
    ['create --name x --scope jobs:read --as a:b', '--as must be a name'],
    ['show x', '<principalId> must be a UUID.'],
    [`show ${UNKNOWN_ID}`, 'principal.not_found'],
    [`set ${UNKNOWN_ID} --name x`, 'principal.not_found'],
    [`remove ${UNKNOWN_ID}`, 'principal.not_found'],
    [`add-secret ${UNKNOWN_ID} --name x`, 'principal.not_found'],
    [`add-secret ${UNKNOWN_ID} --name x --expires soon`, '--expires must be an instant'],
    [`list-secrets ${UNKNOWN_ID}`, 'principal.not_found'],
  ])('refuses %s', async (words, sentence) => {
    expect(await countersign.failure(`principal ${words}`)).toContain(sentence);
  });
});
