import { countersign, GATEWAY_URL } from './countersign';

/** A service behind the gateway refused a call. */
export class Refusal extends Error {
  readonly code: string | null;

  constructor(title: string, code: string | null) {
    super(title);
    this.code = code;
  }
}

/**
 * Calls a service behind the gateway. The client adds the access token; the gateway replaces it with an identity token.
 * @throws Refusal with the `title` and `code` of the problem details (RFC 9457) from the gateway or the service
 */
export async function askService<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await countersign.fetch(`${GATEWAY_URL}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const json = (await answer.json().catch(() => null)) as unknown;
  if (answer.ok) return json as T;
  const { title, code } = (json ?? {}) as { readonly title?: string; readonly code?: string };
  throw new Refusal(title ?? `The service answered ${answer.status}.`, code ?? null);
}
