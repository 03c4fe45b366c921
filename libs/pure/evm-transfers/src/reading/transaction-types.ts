/** EIP-2930, 1559, 4844 and 7702: they name their chain in what is signed. */
const SIGNED_FOR_A_CHAIN = new Set([1, 2, 3, 4]);

/** A deposit on the OP stack. */
export const OPTIMISM_DEPOSIT = 0x7e;
/** Arbitrum: a ticket is submitted, and its deposit is credited to the sender. */
export const ARBITRUM_TICKET = 0x69;

/** Arbitrum: a deposit, and the redemption of a ticket. Their value comes from another chain or from escrow. */
const VALUE_FROM_ELSEWHERE = new Set([0x64, 0x68]);
/** Their gas is paid on another chain, was paid before, or is not paid (internal ones of Arbitrum). */
const FREE_OF_CHARGE = new Set([OPTIMISM_DEPOSIT, 0x64, 0x68, 0x6a]);
/** zkSync: another contract may pay, which the receipt does not tell. */
const PAID_BY_UNKNOWN = new Set([0x71]);

export function isSignedForChain(type: number): boolean {
  return SIGNED_FOR_A_CHAIN.has(type);
}

export function hasValueFromElsewhere(type: number): boolean {
  return VALUE_FROM_ELSEWHERE.has(type);
}

export function isFreeOfCharge(type: number): boolean {
  return FREE_OF_CHARGE.has(type);
}

export function isPaidByUnknown(type: number): boolean {
  return PAID_BY_UNKNOWN.has(type);
}
