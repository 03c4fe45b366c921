import { aPerson } from '../factories';
import { Device, INIT_DATA_DOOR } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { ISSUER } from '../support/oauth';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
const demo = useApplication(app);

describe('somebody who re-enters a session without a key, with a key of their own', () => {
  it('does not keep its owner from ending their pair by re-entering', async () => {
    const { applicationId } = demo;
    const proof = { applicationId, initData: app.initDataOf(demo, aPerson()) };
    expect((await app.postSignIn(proof)).status).toBe(200);
    app.clock.advance(60);
    const thief = new Device(app);
    const refused = await thief.enter(INIT_DATA_DOOR, proof);

    const owner = await app.postSignIn(proof);

    expectProblem(refused, 401, 'dpop.session_not_bound');
    expect(owner.status).toBe(200);
  });
});
