import { problemIn } from '@countersign/client';
import { countersign, GATEWAY_URL } from './countersign';

/**
 * Calls a service behind the gateway. The client adds the access token; the gateway replaces it with an identity token.
 * @throws CountersignError with the `title` and `code` of the problem details (RFC 9457) from the gateway or the service
 */
export async function askService<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await countersign.fetch(`${GATEWAY_URL}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw await problemIn(answer);
  return (await answer.json().catch(() => null)) as T;
}
