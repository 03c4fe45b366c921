import { Injectable } from '@nestjs/common';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { AllowedOrigins } from '@countersign/applications';
import { OpenidClients } from '../clients/openid-clients';

const READABLE = 'date, retry-after, www-authenticate, x-request-id';

/** Pages of a public client's redirect addresses and of its application's origins may read answers (Fetch, CORS). */
@Injectable()
export class OpenidOrigins {
  constructor(
    private readonly clients: OpenidClients,
    private readonly applications: AllowedOrigins,
  ) {}

  /** A preflight names no client, so this asks for any. */
  async isKnown(origin: string): Promise<boolean> {
    return (await this.applications.isKnown(origin)) || this.clients.hasPage(origin);
  }

  /** Whether a call is answered. A client's server may pass on its page's `Origin`; no page reads the answer. */
  passes({ oidc }: KoaContextWithOIDC, origin: string, client: Client): boolean {
    return isPageOf(oidc.route, client, origin) || (oidc.route !== 'userinfo' && !isPublic(client));
  }

  /** Runs after the answer: the library lets a page read it unless it refused the page. */
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

/** A page with an access token may read its claims, whichever client obtained the token. */
function isPageOf(route: string, client: Client, origin: string): boolean {
  const { origins } = client as { readonly origins?: unknown };
  return (route === 'userinfo' || isPublic(client)) && Array.isArray(origins) && origins.includes(origin);
}
