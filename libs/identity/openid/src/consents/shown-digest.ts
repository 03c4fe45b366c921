import { sha256 } from '@countersign/crypto';
import type { OpenidClientEntity } from '../store/openid.entities';

type Shown = Pick<OpenidClientEntity, 'name' | 'isThirdParty' | 'redirectUrls' | 'scopes'>;

/** A client as people see it: another digest is another client to them. @param claims what its scopes stand for */
export function shownDigest(
  { name, isThirdParty, redirectUrls, scopes }: Shown,
  claims: readonly string[],
): string {
  const lists = [redirectUrls, scopes, claims].map((list) => list.toSorted());
  return sha256(JSON.stringify([name, isThirdParty, ...lists])).toString('base64url');
}
