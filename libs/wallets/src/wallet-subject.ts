/** The namespace of CAIP-2 that a provider's addresses are of. */
export function namespaceOf(provider: string): 'eip155' | 'ton' {
  return provider === 'ton' ? 'ton' : 'eip155';
}

/**
 * The address in the subject of an identity: all of it, or of a contract wallet the last part of its CAIP-10 name. The raw
 * form of a TON address has a colon too.
 */
export function addressOf(subject: string): string {
  const [, ofContract] = /^eip155:\d+:(0x[0-9a-f]{40})$/.exec(subject) ?? [];
  return ofContract ?? subject;
}
