import {
  IdentityKeyResponse,
  IdentityKeys,
  JWKS_MAX_AGE_SECONDS,
  type ListedIdentityKey,
} from '@countersign/issuer';
import type { Connected } from '../command';
import { table } from '../list-output';

export const list: Connected = async (_call, app) => {
  const json = (await app.get(IdentityKeys).list()).map((key) => IdentityKeyResponse.of(key));
  const rows = json.map(({ kid, algorithm, state, createdAt, signsFromAt }) => [
    kid,
    algorithm,
    state,
    createdAt,
    signsFromAt,
  ]);
  return { json, text: table(['key', 'algorithm', 'state', 'made', 'signs from'], rows) };
};

export const rotate: Connected = async (_call, app) => {
  const key = await app.get(IdentityKeys).rotate();
  return { json: IdentityKeyResponse.of(key), text: announcementOf(key) };
};

export const revoke: Connected = async (call, app) => {
  const kid = call.positionals[0] ?? '';
  const signing = await app.get(IdentityKeys).revoke(kid);
  const text = [
    `Key ${kid} is revoked; ${signing.kid} signs`,
    'Services accept what it signed until they renew the keys that they keep: ' +
      `${JWKS_MAX_AGE_SECONDS} s for those that heed its time, longer for those that cannot reach this service.`,
  ];
  return { json: { kid, signing: IdentityKeyResponse.of(signing) }, text: text.join('\n') };
};

function announcementOf({ kid, state, signsFrom }: ListedIdentityKey): string {
  return state === 'signing'
    ? `Key ${kid} signs`
    : `Key ${kid} is published and signs from ${signsFrom.toISOString()}`;
}
