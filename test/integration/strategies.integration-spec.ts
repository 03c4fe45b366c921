import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { useApplication, useTestApp } from '../support/use-test-app';

const first = useTestApp();
const second = useTestApp();
const known = useApplication(first);
const other = useApplication(second);

describe('strategies of two applications in one process', () => {
  it('use the services of the application that received the request', async () => {
    const person = aPerson();
    const atFirst = { applicationId: known.applicationId, initData: first.initDataOf(known, person) };
    const atSecond = { applicationId: other.applicationId, initData: second.initDataOf(other, person) };

    expect((await first.postSignIn(atFirst)).body).toMatchObject({ isNewUser: true });
    expect((await second.postSignIn(atSecond)).body).toMatchObject({ isNewUser: true });
    expectProblem(await second.postSignIn(atFirst), 404, 'application.not_found');
    expectProblem(await first.postSignIn(atSecond), 404, 'application.not_found');
  });
});
