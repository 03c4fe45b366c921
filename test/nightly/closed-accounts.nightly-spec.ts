import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { signInPerson } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('an account that is to be erased', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('is unknown to strangers at once, and back when the erasure is cancelled', async () => {
    const person = aPerson();
    const session = await signInPerson(app, demo, person);
    const stranger = await signInPerson(app, demo);
    const username = `closing_${Date.now().toString(36)}`;
    const profile = {
      username,
      displayName: 'Ada',
      visibility: { username: 'public', displayName: 'public' },
    };
    const changed = await session.patch('/v1/me/profile', profile);
    expect({ status: changed.status, body: changed.body as object }).toMatchObject({ status: 200 });
    const paths = [`/v1/users/${session.userId}`, `/v1/users?username=${username}`];
    for (const path of paths) expect((await stranger.get(path)).status).toBe(200);

    expect((await session.stepUp()).status).toBe(200);
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    for (const path of paths) expectProblem(await stranger.get(path), 404, 'user.not_found');

    app.clock.advance(2);
    const back = {
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, person),
      cancelErasure: true,
    };
    expect((await app.postSignIn(back)).status).toBe(200);
    for (const path of paths) expect((await stranger.get(path)).status).toBe(200);
  });
});
