import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';
import { createPostgresAdapter } from './oidc-postgres-adapter.mjs';

const { DATABASE_URL, POOL_SIZE, APPLICATION_NAME, CLIENT_ID, CLIENT_SECRET } = process.env;
const ISSUER = 'http://127.0.0.1';
const SCOPE = 'offline_access';

const adapter = await createPostgresAdapter({
  url: DATABASE_URL,
  max: Number(POOL_SIZE),
  applicationName: APPLICATION_NAME,
});

const provider = new Provider(ISSUER, {
  adapter,
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://app.example.com/callback'],
    },
  ],
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (_, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId }),
  }),
  jwks: { keys: [signingKey()] },
  // As the service does; without this it answers the same refresh token again.
  rotateRefreshToken: true,
  // Without an ID token, which the service does not sign at a refresh either.
  scopes: [SCOPE],
  ttl: { AccessToken: 1800, RefreshToken: 2_592_000, Grant: 7_776_000 },
});

const callback = provider.callback();
const server = createServer((request, response) => {
  if (request.url === '/enter') void enter(request, response);
  else void callback(request, response);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

/** Tokens as at the end of a code flow. */
async function enter(request, response) {
  const { userId: accountId } = JSON.parse(await text(request));
  const client = await provider.Client.find(CLIENT_ID);
  const grant = new provider.Grant({ accountId, clientId: CLIENT_ID });
  grant.addOIDCScope(SCOPE);
  const grantId = await grant.save();
  const shared = { accountId, client, grantId, gty: 'authorization_code', scope: SCOPE };
  const accessToken = await new provider.AccessToken(shared).save();
  const refreshToken = await new provider.RefreshToken(shared).save();
  const body = JSON.stringify({ sessionId: grantId, accessToken, refreshToken });
  response.writeHead(200, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    ...privateKey.export({ format: 'jwk' }),
    kid: 'bench',
    alg: 'ES256',
    use: 'sig',
  };
}
