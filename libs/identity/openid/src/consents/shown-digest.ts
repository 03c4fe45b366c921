import { sha256 } from '@countersign/crypto';
import type { OpenidClientEntity } from '../store/openid.entities';

type Shown = Pick<OpenidClientEntity, 'name' | 'isThirdParty' | 'redirectUrls' | 'scopes'>;

/** With another digest, people have to see the client again. @param claims the claims of its scopes */
export function shownDigest(
  { name, isThirdParty, redirectUrls, scopes }: Shown,
  claims: readonly string[],
): string {
  const lists = [redirectUrls, scopes, claims].map((list) => list.toSorted());
  return sha256(JSON.stringify([name, isThirdParty, ...lists])).toString('base64url');
}
