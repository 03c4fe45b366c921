import { expectProblem } from '../support/expect-problem';
import { useTestApp } from '../support/use-test-app';

const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

describe('queries', () => {
  const app = useTestApp();

  let authorization: string;

  beforeAll(async () => {
    authorization = `Bearer ${(await app.signIn(await app.createApplication())).accessToken}`;
  });

  const list = (query: string) => app.http.get(`/v1/me/sessions?${query}`).set({ authorization });

  it.each(['', '&&', 'limit=1', 'limit=200', 'limit=5&', 'limit=%31'])('takes ?%s', async (query) => {
    expect((await list(query)).status).toBe(200);
  });

  it.each(['limit=0', 'limit=201', 'limit=', 'limit=0x10', 'limit=1&limit=2', `limit=${'9'.repeat(5_000)}`])(
    'refuses ?%s',
    async (query) => {
      expectProblem(await list(query), 400, 'request.invalid', [{ path: 'limit', code: 'matches' }]);
    },
  );

  it.each([
    ['x=1', 'x'],
    ['limit=1&Limit=1', 'Limit'],
    ['limit[]=1', 'limit[]'],
    ['__proto__=1', '__proto__'],
    ['access_token=x', 'access_token'],
  ])('refuses the unknown key of ?%s', async (query, path) => {
    expectProblem(await list(query), 400, 'request.unknown_field', [{ path, code: 'unknown_field' }]);
  });

  it.each([
    ['no base64url', '***'],
    ['SQL', encode(`' OR 1=1 --`)],
    ['an id spelt another way', `${encode(UNKNOWN_ID)}=`],
    ['bytes that are no text', '_____w'],
  ])('refuses a cursor of %s', async (_name, cursor) => {
    const answer = await list(`cursor=${encodeURIComponent(cursor)}`);

    expectProblem(answer, 400, 'request.invalid', [{ path: 'cursor', code: 'cursor' }]);
  });

  it.each(['all=1', 'all=TRUE', 'all=', 'all=true&all=true'])('ends no session for ?%s', async (query) => {
    const answer = await app.http.delete(`/v1/me/sessions?${query}`).set({ authorization });

    expectProblem(answer, 400, 'request.invalid', [{ path: 'all', code: 'in' }]);
    expect((await list('')).status).toBe(200);
  });
});

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
