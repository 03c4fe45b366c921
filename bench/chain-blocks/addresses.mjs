import { createHash } from 'node:crypto';

/** @returns {string} the same address for the same name */
function addressOf(name) {
  return `0x${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

/** @param {number} number */
export function followedAddress(number) {
  return addressOf(`followed ${number}`);
}

/** @param {number} number */
export function otherAddress(number) {
  return addressOf(`other ${number}`);
}
