import { IdentityKeys, JWKS_MAX_AGE_SECONDS, type ListedIdentityKey } from '@countersign/issuer';
import type { Connected } from '../command';

export const list: Connected = async (_call, app) => {
  const keys = await app.get(IdentityKeys).list();
  return {
    json: { keys },
    text: keys.map(lineOf).join('\n') || 'No key yet: the service makes the first',
  };
};

export const rotate: Connected = async (_call, app) => {
  const key = await app.get(IdentityKeys).rotate();
  return { json: key, text: announcementOf(key) };
};

export const revoke: Connected = async (call, app) => {
  const kid = call.positionals[0] ?? '';
  const signing = await app.get(IdentityKeys).revoke(kid);
  const text = [
    `Key ${kid} is revoked; ${signing.kid} signs`,
    'Services accept what it signed until they renew the keys that they keep: ' +
      `${JWKS_MAX_AGE_SECONDS} s for those that heed its time, longer for those that cannot reach this service.`,
  ];
  return { json: { kid, signing }, text: text.join('\n') };
};

function lineOf({ kid, algorithm, state, createdAt, signsFrom }: ListedIdentityKey): string {
  return `${kid}  ${algorithm}  ${state.padEnd(8)}  made ${createdAt.toISOString()}  signs from ${signsFrom.toISOString()}`;
}

function announcementOf({ kid, state, signsFrom }: ListedIdentityKey): string {
  return state === 'signing'
    ? `Key ${kid} signs`
    : `Key ${kid} is published and signs from ${signsFrom.toISOString()}`;
}
