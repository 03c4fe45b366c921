import { Injectable } from '@nestjs/common';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { AllowedOrigins } from '@countersign/applications';
import { OpenidClients } from '../clients/openid-clients';

const READABLE = 'date, retry-after, www-authenticate, x-request-id';

/**
 * Which pages may read the answers of the provider (Fetch standard, CORS protocol): those of the redirect addresses of a public
 * client, and of the origins of its application.
 */
@Injectable()
export class OpenidOrigins {
  constructor(
    private readonly clients: OpenidClients,
    private readonly applications: AllowedOrigins,
  ) {}

  /** Whether a preflight passes, which names no client. */
  async isKnown(origin: string): Promise<boolean> {
    return (await this.applications.isKnown(origin)) || this.clients.hasPage(origin);
  }

  /** Whether a call is answered at all. The server of a client may pass on the header of its page; no page reads the answer. */
  passes({ oidc }: KoaContextWithOIDC, origin: string, client: Client): boolean {
    return isPageOf(oidc.route, client, origin) || (oidc.route !== 'userinfo' && !isPublic(client));
  }

  /** After the answer: the library has let each page read it that it did not refuse. */
  async restrict(context: KoaContextWithOIDC): Promise<void> {
    const origin = context.get('origin');
    if (origin === '' || context.response.headers['access-control-allow-origin'] !== origin) return;
    const { route, client } = context.oidc;
    const isReadable = client
      ? isPageOf(route, client, origin)
      : await this.isKnown(origin).catch(() => false);
    if (isReadable) context.set('access-control-expose-headers', READABLE);
    else {
      context.remove('access-control-allow-origin');
      context.remove('access-control-expose-headers');
    }
  }
}

function isPublic({ clientAuthMethod }: Client): boolean {
  return clientAuthMethod === 'none';
}

/** A page with an access token may ask for its claims, whichever client has obtained it. */
function isPageOf(route: string, client: Client, origin: string): boolean {
  const { origins } = client as { readonly origins?: unknown };
  return (route === 'userinfo' || isPublic(client)) && Array.isArray(origins) && origins.includes(origin);
}
