import type { Response } from 'supertest';
import { aConfidentialApplication, basicOf, INTROSPECT, postText } from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

/** Sends a request the way of every other one, and changes nothing else about it. */
const ROUTED = { 'x-forwarded-for': '127.0.0.1' };

/** What the framework takes for itself, and what differs from answer to answer. */
/** Of each answer, and of its connection: Fastify closes it where it could not read a body. */
const OWN = ['connection', 'keep-alive', 'date', 'x-request-id'];

describe('introspection by its short way and by the route', () => {
  const app = useTestApp();
  const caller = useFixture(() => aConfidentialApplication(app));
  const session = useFixture(() => app.signIn(caller));
  const stranger = useFixture(async () => app.signIn(await app.createApplication()));

  function comparable({ status, headers, body }: Response): object {
    const told = Object.fromEntries(
      Object.entries(headers as Record<string, string>).filter(([name]) => !OWN.includes(name)),
    );
    const { requestId: _, ...said } = body as Record<string, unknown>;
    return { status, headers: told, body: said };
  }

  const asked = (body: string | Buffer, headers: Record<string, string> = {}) =>
    Promise.all(
      [{}, ROUTED].map((way) =>
        postText(app, INTROSPECT, body, { authorization: basicOf(caller), ...headers, ...way }),
      ),
    );

  it.each<[string, () => string | Buffer]>([
    ['a good token', () => `token=${session.accessToken}`],
    ['a refresh token', () => `token=${session.refreshToken}&token_type_hint=refresh_token`],
    ["somebody else's", () => `token=${stranger.accessToken}`],
    ['junk', () => 'token=junk'],
    ['none', () => 'token='],
    ['another form', () => 'a=b'],
    ['two tokens', () => `token=${session.accessToken}&token=junk`],
    ['a secret in the body', () => `token=junk&client_secret=${caller.clientSecret}`],
    ['what is no form', () => 'token=%zz'],
    ['what is no UTF-8', () => Buffer.from([0x74, 0x3d, 0xff])],
    ['a token that is too long', () => `token=${'a'.repeat(9_000)}`],
    ['control characters', () => 'token=%00'],
  ])('is the same for %s', async (_, body) => {
    const [short, routed] = await asked(body());
    if (!short || !routed) throw new Error('nobody answered');
    expect(comparable(short)).toEqual(comparable(routed));
  });

  it.each<[string, () => Record<string, string>]>([
    ['a wrong secret', () => ({ authorization: basicOf({ ...caller, clientSecret: 'wrong' }) })],
    ['no client', () => ({ authorization: 'Bearer x' })],
    ['a page', () => ({ origin: 'https://example.com' })],
    ['another type', () => ({ 'content-type': 'application/json' })],
    ['a charset', () => ({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })],
  ])('is the same for %s', async (_, headers) => {
    const [short, routed] = await asked(`token=${session.accessToken}`, headers());
    if (!short || !routed) throw new Error('nobody answered');
    expect(comparable(short)).toEqual(comparable(routed));
  });

  it('leaves one line in the log and one count either way, without the token', async () => {
    const lines = app.logLines.length;
    await asked(`token=${session.accessToken}`, { 'x-request-id': 'both-ways' });
    const written = app.logLines
      .slice(lines)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ requestId }) => requestId === 'both-ways');

    expect(written).toHaveLength(2);
    const [short, routed] = written.map(({ time: _, durationMs: __, ...line }) => line);
    expect(short).toEqual(routed);
    expect(app.logLines.slice(lines).join('')).not.toContain(session.accessToken);
  });

  it('answers with the request id that was asked with', async () => {
    const [short] = await asked('token=junk', { 'x-request-id': 'mine' });
    expect(short?.headers['x-request-id']).toBe('mine');
  });
});
