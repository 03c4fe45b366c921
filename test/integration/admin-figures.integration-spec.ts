import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

interface Figures {
  readonly from: string;
  readonly points: readonly {
    readonly signIns: number;
    readonly refusals: number;
    readonly webhookLagSeconds: number | null;
  }[];
  readonly refusals: readonly { readonly code: string; readonly count: number }[];
}

describe('GET /v1/admin/figures', () => {
  const app = useTestApp();

  const read = async (): Promise<Figures> =>
    (await (await anOperator(app, ['jobs:read'])).get('/v1/admin/figures')).body as Figures;

  it('has the sign-ins and refusals of this replica, and no id of a person', async () => {
    const game = await app.createApplication();
    const person = aPerson();
    const before = await read();
    await app.signIn(game, person);
    const sent = { applicationId: game.applicationId, botId: game.botId };
    for (let count = 0; count < 2; count += 1) await app.postSignIn({ ...sent, initData: 'hash=x' });

    const after = await read();

    const sum = ({ points }: Figures, name: 'signIns' | 'refusals') =>
      points.reduce((total, point) => total + point[name], 0);
    expect(sum(after, 'signIns') - sum(before, 'signIns')).toBe(1);
    expect(sum(after, 'refusals') - sum(before, 'refusals')).toBe(2);
    expect(after.refusals).toEqual([{ code: expect.stringMatching(/^init_data\./) as unknown, count: 2 }]);
    expect(after.points.at(-1)?.webhookLagSeconds).toBe(0);
    expect(JSON.stringify(after)).not.toContain(String(person.id));
  });

  it('needs its scope', async () => {
    const operator = await anOperator(app, ['users:read']);

    expectProblem(await operator.get('/v1/admin/figures'), 403, 'principal.scope_missing');
  });
});
