import type { Client, Configuration as LibraryConfiguration, KoaContextWithOIDC } from 'oidc-provider';
import { button, escapeHtml, nameInPage } from '@countersign/http';
import { page } from './page';
import type { SessionAccount } from './openid-accounts';
import type { OpenidRefusals } from './openid-refusals';
import { describeRefusal } from './refusal-descriptions';

const HOUR_SECONDS = 3_600;
export const REQUEST_SECONDS = 600;
const ACCESS_SECONDS = 600;
/** Like identity tokens, because their keys are published for this time. */
const ID_TOKEN_SECONDS = 300;
const CODE_SECONDS = 60;

/** Absent options are off, or have the library's defaults. */
export function openidConfiguration(isSecure: boolean, refusals: OpenidRefusals): LibraryConfiguration {
  const cookie = {
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    signed: false,
    overwrite: true,
  } as const;
  return {
    // Any client with a secret may use each of the first two, whichever is registered.
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    cookies: {
      names: {
        session: isSecure ? '__Host-countersign' : 'countersign',
        interaction: 'countersign_login',
        resume: 'countersign_resume',
      },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    extraClientMetadata: { properties: ['application_id', 'is_third_party', 'origins'] },
    features: {
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (context, form, _out, error) => {
          // The library emits no event for this.
          if (error) refusals.note(context, error);
          const words = error
            ? 'This code is not known, or it was used. Try again.'
            : 'Enter the code that the device shows.';
          context.body = page(
            'Sign in a device',
            `<p>${words}</p>${form}${button('Continue', 'op.deviceInputForm')}`,
          );
        },
        userCodeConfirmSource: (context, form, client, device, code) => {
          const from = [device['ua'], device['ip']].map((text) =>
            nameInPage(typeof text === 'string' ? text.slice(0, 300) : ''),
          );
          context.body = page(
            `Sign in to ${nameInPage(client.clientName ?? 'a device')}`,
            `<p>A device wants to sign in: ${from.join(', ')}.</p><p>The device must show this code:</p><p class="number">${escapeHtml(code)}</p>
<p>Continue only if the device is yours and in front of you.</p>${form}
${button('Continue', 'op.deviceConfirmForm')}${button('Stop', 'op.deviceConfirmForm', 'abort', 'quiet')}`,
          );
        },
        successSource: (context) => {
          context.body = page('The device is signed in', '<p>You can close this page.</p>');
        },
      },
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      introspection: { enabled: true, allowedPolicy: isOwn },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: { enabled: false },
      revocation: { enabled: true, allowedPolicy: isOwn },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          context.body = page(
            'Sign out?',
            `<p>This ends the session of this browser, and of all products that it signed in to.</p>${form}
${button('Sign out', 'op.logoutForm', 'logout')}${button('Stay signed in', 'op.logoutForm', '', 'quiet')}`,
          );
        },
        postLogoutSuccessSource: (context) => {
          context.body = page('You are signed out', '<p>You can close this page.</p>');
        },
      },
    },
    // The library must call no other host.
    fetch: () => Promise.reject(new TypeError('nothing is fetched')),
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    renderError: (context, { error }, refusal) => {
      context.type = 'html';
      context.body = page(
        'This did not work',
        `<p>${escapeHtml(describeRefusal(refusal))}</p><p><code>${escapeHtml(error)}</code></p>`,
      );
    },
    responseTypes: ['code'],
    rotateRefreshToken: true,
    routes: {
      authorization: '/oidc/auth',
      code_verification: '/oidc/device',
      device_authorization: '/oidc/device/auth',
      end_session: '/oidc/logout',
      introspection: '/oidc/introspect',
      jwks: '/.well-known/jwks.json',
      pushed_authorization_request: '/oidc/par',
      revocation: '/oidc/revoke',
      token: '/oidc/token',
      userinfo: '/oidc/userinfo',
    },
    subjectTypes: ['public', 'pairwise'],
    ttl: {
      AccessToken: ACCESS_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      DeviceCode: REQUEST_SECONDS,
      Grant: untilSessionEnds,
      IdToken: ID_TOKEN_SECONDS,
      Interaction: REQUEST_SECONDS,
      RefreshToken: untilSessionEnds,
      Session: untilSessionEnds,
    },
  };
}

function isOwn(
  _context: unknown,
  client: Client,
  token: { readonly clientId?: string | undefined },
): boolean {
  return token.clientId === client.clientId;
}

/** A browser that is not signed in is remembered while it signs in. */
function untilSessionEnds({ oidc }: KoaContextWithOIDC): number {
  return (oidc.account as SessionAccount | undefined)?.secondsLeft ?? HOUR_SECONDS;
}
