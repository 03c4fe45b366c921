import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { scopesInUse } from '@countersign/admin';
import { FeaturesInUse } from '../features';
import { isServedOn, type Listener } from '../http/server/listeners';
import { VERSION } from '../version';
import { addBodyKinds } from './body-kinds';
import { addErrorCodes } from './error-codes';
import { closeBodies } from './close-bodies';
import { GATEWAY_CHECK_PATH, gatewayCheck } from './gateway-check';
import { operationsOf } from './operations';
import { addProblems } from './problem-responses';
import { addSignInHooks, answersOfSignInHooks } from './sign-in-hooks';
import { addDeviceKeyProofs, addExamples } from './headers';

const LICENCE = 'https://www.apache.org/licenses/LICENSE-2.0';
const ERRORS =
  'Errors are problem details (RFC 9457) with a `code` that stays the same; `x-error-codes` of an operation names its ' +
  'codes. Descriptions of responses leave out those of malformed requests and defects, which most operations have. ' +
  'What each code means and what to do is in [errors.md](/docs/errors.md). Every response has `X-Request-Id`.';
const BODIES =
  'An operation without a request body refuses a body with fields (`request.unknown_field`). An empty body and `{}` pass.';

export function publicDocument(app: INestApplication): OpenAPIObject {
  const builder = forPeople()
    .setTitle('Countersign')
    .setDescription(
      'Identity for products in Telegram and OpenWeb3 messengers. Begin with `POST /v1/auth/telegram/init-data`, which ' +
        `exchanges the init data of a Mini App for a session. ${ERRORS} ${BODIES}`,
    )
    .addTag('Sign in', 'From a proof to a session, and its tokens.')
    .addTag('The person', 'The account of the caller: profile, identities, sessions.')
    .addTag('People', 'What people show of themselves to others.')
    .addTag('Teams', 'Teams of people in an application.')
    .addTag('Referrals', 'Who brought whom to an application.')
    .addTag('Listings', 'What applications show of themselves, and favourites.')
    .addTag('Leaderboards', 'Scores of people in an application, and their ranks.')
    .addTag('Wallets', 'Wallets of the person, linked by proofs of their owner.')
    .addTag('Services', 'For API gateways and the services behind them.')
    .addTag('Health', 'For orchestrators.')
    .addSecurity('clientSecret', byScheme('basic', CLIENT_SECRET))
    .addSecurity(
      'initData',
      byHeader('Authorization', '`tma <init data>`, where the application accepts init data per request.'),
    );
  const document = describe(app, builder, 'public');
  const { foreignPrefixes } = app.get(FeaturesInUse);
  document.paths = pathsOf(document, (path) => !foreignPrefixes.some((prefix) => path.startsWith(prefix)));
  return complete(app, document, 'public');
}

const CLIENT_SECRET = '`applicationId` and one of its client secrets, for the servers of the application.';

export function metaproDocument(app: INestApplication): OpenAPIObject {
  const builder = aBuilder()
    .setTitle('Countersign, for clients of Metapro')
    .setDescription(
      'What the public clients of Metapro call, as far as it is known, for applications that set `metapro.enabled`. Paths of ' +
        '`/users-service` are also under `/ms/users-service`. docs/compat.md says what differs. Errors have `message`, ' +
        '`messages`, our `code` and `requestId`.',
    )
    .addTag('Users', 'Logins, and people.')
    .addTag('Referrals', 'Codes by which people bring others.')
    .addTag('Leaderboards', 'Scores of the project, sent by its server.')
    .addTag('NFT', 'What the own wallets have, and what happened to it.')
    .addSecurity('metaproToken', byHeader('Authorization', 'The `accessToken` as it is, without a scheme.'))
    .addSecurity('clientSecret', byScheme('basic', CLIENT_SECRET));
  return documentOfDoor(
    app,
    builder,
    (path) => /^\/(?:users-service|ms)\//.test(path) && !path.startsWith('/ms/users-service/'),
  );
}

export function xellarDocument(app: INestApplication): OpenAPIObject {
  const builder = aBuilder()
    .setTitle('Countersign, for clients of Xellar')
    .setDescription(
      'What the public clients of Xellar call, as far as it is known, for applications that set `xellar.enabled`. All paths but ' +
        '`wallet/refresh` and `apps/config` are also under `/api/v1`. docs/compat.md says what differs. Errors have `status`, `message`, ' +
        'our `code` and `requestId`.',
    )
    .addTag('Login', 'From a proof of Telegram to tokens.')
    .addTag('Wallet', 'The embedded wallet of the person, and what it signs and sends, with all its rules.')
    .addSecurity(
      'clientSecret',
      byHeader('x-client-secret', 'A client secret of the application, from its servers.'),
    )
    .addSecurity(
      'appId',
      byHeader('x-app-id', 'The id of the application, from pages of its allowed origins.'),
    )
    .addSecurity('accessToken', byScheme('bearer', 'Of a login without a wallet.'))
    .addSecurity('walletToken', byScheme('bearer', 'Good for one call.'));
  return documentOfDoor(app, builder, (path) => /^\/api\/(?:v2\/|v1\/apps\/)/.test(path));
}

function documentOfDoor(
  app: INestApplication,
  builder: DocumentBuilder,
  isShown: (path: string) => boolean,
): OpenAPIObject {
  const document = describe(app, builder, 'public');
  document.paths = pathsOf(document, isShown);
  closeBodies(document);
  return withoutUnused(document);
}

function pathsOf({ paths }: OpenAPIObject, isShown: (path: string) => boolean): OpenAPIObject['paths'] {
  return Object.fromEntries(Object.entries(paths).filter(([path]) => isShown(path)));
}

export function gatewayDocument(app: INestApplication): OpenAPIObject {
  const builder = forPeople()
    .setTitle('Countersign, port of the gateway')
    .setDescription(
      'For the API gateway and for monitoring, on a port of its own (`GATEWAY_PORT`) that clients cannot reach. ' +
        `docs/gateway.md has examples for nginx, Envoy, Traefik and others. ${ERRORS}`,
    )
    .addTag('Gateway', 'The check that an API gateway makes before every request.')
    .addTag('Services', 'For services behind the gateway, to verify identity tokens.')
    .addTag('Health', 'For orchestrators and Prometheus.');
  const document = describe(app, builder, 'gateway');
  document.paths = { [GATEWAY_CHECK_PATH]: { get: gatewayCheck() }, ...document.paths };
  return complete(app, document, 'gateway');
}

export function adminDocument(app: INestApplication): OpenAPIObject {
  const builder = aBuilder()
    .setTitle('Countersign, administration')
    .setDescription(
      'For operators and their tools, on a port of its own (`ADMIN_PORT`). A principal gets a token by client credentials ' +
        'and may do what the scopes of the token say; docs/administration.md begins with the first principal. Lists are ' +
        `ordered by id, newest first, and have no total: \`nextCursor\` leads to the next page. ${ERRORS} ${BODIES}`,
    )
    .addTag('Webhooks', 'Endpoints that events are delivered to, their secrets, and what they got.')
    .addTag('Principals', 'Who may call this API, and tokens.')
    .addTag('Applications', 'Applications, their settings and secrets.')
    .addTag('Bots', 'Bots of applications, and their tokens.')
    .addTag('Users', 'Accounts: finding, deactivating, erasing and revealing.')
    .addTag('Identities', 'How people sign in to their accounts.')
    .addTag('Sessions', 'Sessions, and ending them.')
    .addTag('Wallets', 'Wallets of people and what they sent, without addresses, names and amounts.')
    .addTag('Teams', 'Teams of people in applications, and their members.')
    .addTag('Listings', 'What applications show of themselves.')
    .addTag('Chains', 'Chains whose nodes are asked about wallets.')
    .addTag('Audit', 'What was done by whom, and what was refused.')
    .addTag('Installation', 'Settings of the whole installation.')
    .addTag('Identity keys', 'The keys that sign identity tokens.')
    .addTag('Leaderboards', 'Leaderboards, their seasons and scores, and what was noted about them.')
    .addTag('Counters', 'What happened by day, in numbers.')
    .addTag('Jobs', 'Recurring work: its state, and runs beside the schedule.')
    .addTag('Health', 'For orchestrators.')
    .addSecurity('adminToken', {
      type: 'oauth2',
      description: 'The `access_token` of a principal; opaque.',
      flows: {
        clientCredentials: {
          tokenUrl: '/v1/admin/token',
          scopes: Object.fromEntries(scopesInUse.all.map(({ name, meaning }) => [name, meaning])),
        },
      },
    })
    .addSecurity('principalSecret', byScheme('basic', '`principalId` and one of its secrets.'));
  return complete(app, describe(app, builder, 'admin'), 'admin');
}

function aBuilder(): DocumentBuilder {
  return new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setVersion(VERSION)
    .setLicense('Apache-2.0', LICENCE)
    .setExternalDoc('All error codes', '/docs/errors.md')
    .addServer('/');
}

function forPeople(): DocumentBuilder {
  const bound =
    'The `accessToken` of a session that is bound to a device key, with a proof of the key in `DPoP` (RFC 9449).';
  return aBuilder()
    .addSecurity('accessToken', byScheme('bearer', 'The `accessToken` of a sign-in; opaque.'))
    .addSecurity('boundAccessToken', byScheme('DPoP', bound));
}

function byScheme(scheme: string, description: string) {
  return { type: 'http', scheme, description } as const;
}

function byHeader(name: string, description: string) {
  return { type: 'apiKey', in: 'header', name, description } as const;
}

function describe(app: INestApplication, builder: DocumentBuilder, listener: Listener): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: answersOfSignInHooks(app),
  });
  addSignInHooks(app, document);
  document.paths = pathsOf(document, (path) => isServedOn(listener, path));
  for (const operation of operationsOf(document)) operation.security ??= [];
  return document;
}

function complete(app: INestApplication, document: OpenAPIObject, listener: Listener): OpenAPIObject {
  closeBodies(document);
  addBodyKinds(document);
  addProblems(document, listener !== 'gateway');
  addErrorCodes(document);
  addDeviceKeyProofs(document);
  addExamples(document);
  // The order of loading decides the order in which features add members.
  for (const schema of Object.values(document.components?.schemas ?? {}))
    if ('required' in schema) schema.required.sort();
  const used = new Set(operationsOf(document).flatMap(({ tags = [] }) => tags));
  document.tags = (document.tags ?? []).filter(({ name }) => used.has(name));
  return withoutUnused(document);
}

/** Nest lists the schemas of all operations, including those of the other listeners. */
function withoutUnused(document: OpenAPIObject): OpenAPIObject {
  const { schemas = {} } = document.components ?? {};
  for (;;) {
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    const used = new Set([...references].map(([, name]) => name));
    const unused = Object.keys(schemas).filter((name) => !used.has(name));
    if (unused.length === 0) return document;
    for (const name of unused) Reflect.deleteProperty(schemas, name);
  }
}
