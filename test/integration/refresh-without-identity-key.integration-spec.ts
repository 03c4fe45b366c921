import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('a refresh where no identity token can be made', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { identityToken: { inAnswers: true } } });

  it('answers the pair without it: a pair that is lost would look like a thief’s later', async () => {
    const { refreshToken } = await app.signIn(demo);
    // Another replica has sealed the next key under a sealing key that this one has not got yet.
    await app.database.query(
      `UPDATE identity_keys SET private_key = regexp_replace(private_key, '^v1:[^:]*', 'v1:k9zzzzzz')`,
    );
    await until(async () => (await app.http.get('/.well-known/jwks.json')).status === 503);

    const refreshed = await app.refresh(refreshToken);

    expect(refreshed.status).toBe(200);
    expect(refreshed.body).not.toHaveProperty('identityToken');

    expect(await app.database.query('SELECT end_reason FROM sessions')).toEqual([{ end_reason: null }]);
  });
});
