import { requestError } from '@countersign/http';

const PATH = '/v1/auth/telegram/oidc/callback';
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/i;
const HOST = /^([a-z0-9_.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/i;

/**
 * Where Telegram redirects the browser: to the public URL of the service, or to the host that the browser
 * requested. Telegram compares it with the URLs registered for the bot. Browsers keep the cookie over HTTPS
 * or on localhost only.
 * @param host the `Host` header
 * @throws AppError request.malformed
 */
export function callbackUrlAt(publicUrl: string | null, host: string | undefined): string {
  if (publicUrl !== null) return `${publicUrl}${PATH}`;
  const url = `${LOCAL_HOST.test(host ?? '') ? 'http' : 'https'}://${host ?? ''}${PATH}`;
  if (host === undefined || !HOST.test(host) || !URL.canParse(url))
    throw requestError('request.malformed', { detail: 'The `Host` header names no host.' });
  return new URL(url).href;
}
