/**
 * The subject of a contract wallet: its CAIP-10 id, `eip155:<chain>:0x<40 hex digits in lower case>`. Another chain may have
 * other owners at its address.
 *
 * @param chainId CAIP-2
 * @param address as `readEvmAddress` answers it
 */
export function subjectOfContract(chainId: string, address: string): string {
  return `${chainId}:${address}`;
}

/**
 * The address in the subject of an identity: all of it, or of a contract wallet the last part. The raw form of a TON
 * address has a colon too.
 */
export function addressOfSubject(subject: string): string {
  const [, ofContract] = /^eip155:\d+:(0x[0-9a-f]{40})$/.exec(subject) ?? [];
  return ofContract ?? subject;
}
