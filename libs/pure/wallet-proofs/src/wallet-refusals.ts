import type { ErrorDefinition } from '@countersign/text';

/** Every rule that an address or a chain id can fail. */
export const walletAddressRefusals = {
  'wallet.address_invalid': {
    kind: 'malformed',
    title: 'The address is not one of this kind of wallet',
    remedy:
      'Send an Ethereum address in lower case or with its EIP-55 checksum, a TON address raw or in its user-friendly form.',
  },
  'wallet.chain_invalid': {
    kind: 'malformed',
    title: 'The chain is not one that this kind of wallet can name',
    remedy: 'Send a CAIP-2 id such as `eip155:1`, `ton:-239` or `ton:-3`.',
  },
} as const satisfies Record<`wallet.${string}`, ErrorDefinition>;

/** Every rule that an Ethereum wallet's signature can fail. */
export const evmSignatureRefusals = {
  'wallet.signature_malformed': {
    kind: 'malformed',
    title: 'The signature is not `0x` and an even number of hex digits within 8 KiB',
  },
  'wallet.signature_unsupported': {
    kind: 'unauthenticated',
    title: 'The signature is wrapped in a way that is not accepted',
    remedy: 'Send the signature of the wallet itself. A contract wallet must be deployed.',
  },
  'wallet.signature_invalid': {
    kind: 'unauthenticated',
    title: 'The signature is not that of the wallet',
    remedy: 'Sign with the wallet whose address the challenge names.',
  },
} as const satisfies Record<`wallet.${string}`, ErrorDefinition>;

/** Every rule that a `ton_proof` can fail. */
export const tonProofRefusals = {
  'wallet.proof_too_long': { kind: 'malformed', title: 'A field of the proof is longer than it may be' },
  'wallet.proof_malformed': {
    kind: 'malformed',
    title: 'The proof is not a `ton_proof` of TON Connect',
    remedy:
      "Send the account's address, network, public key and state init with the `proof` of the connect event.",
  },
  'wallet.network_mismatch': {
    kind: 'unauthenticated',
    title: 'The wallet is on another network than the challenge',
    remedy: 'Connect a wallet of the network that the challenge names.',
  },
  'wallet.address_mismatch': {
    kind: 'unauthenticated',
    title: 'The wallet is another one than the challenge names',
    remedy: 'Ask for a challenge for the address that is connected.',
  },
  'wallet.domain_mismatch': {
    kind: 'unauthenticated',
    title: 'The proof is made for another domain',
    remedy: 'Serve the TON Connect manifest from the domain that the challenge names.',
  },
  'wallet.payload_mismatch': {
    kind: 'unauthenticated',
    title: 'The payload is not that of the challenge',
    remedy: 'Pass the payload of the challenge to TON Connect as it is.',
  },
  'wallet.proof_expired': {
    kind: 'unauthenticated',
    title: 'The proof is older than the challenge',
    remedy: 'Ask for a new challenge, and check the clock of the device.',
  },
  'wallet.proof_in_future': {
    kind: 'unauthenticated',
    title: 'The date of the proof lies in the future',
    remedy: 'Check the clock of the device, and that `timestamp` is in seconds.',
  },
  'wallet.state_init_malformed': {
    kind: 'malformed',
    title: 'The state init is not a well-formed one',
    remedy: 'Send `walletStateInit` as TON Connect gives it.',
  },
  'wallet.state_init_mismatch': {
    kind: 'unauthenticated',
    title: 'The state init is not that of the address',
    remedy: 'Send `walletStateInit` and the address as TON Connect gives them.',
  },
  'wallet.public_key_mismatch': {
    kind: 'unauthenticated',
    title: 'The public key is not that of the wallet',
    remedy: 'Send `publicKey` as TON Connect gives it, or leave it out.',
  },
  'wallet.public_key_weak': {
    kind: 'unauthenticated',
    title: 'The public key of the wallet accepts signatures that need no secret',
    remedy: 'Use a wallet whose key was made by a wallet application.',
  },
  'wallet.signature_not_allowed': {
    kind: 'unauthenticated',
    title: 'The wallet accepts no signatures of its key',
    remedy: 'Its extensions rule this wallet: allow signatures in it, or use another one.',
  },
  'wallet.signature_invalid': evmSignatureRefusals['wallet.signature_invalid'],
} as const satisfies Record<`wallet.${string}`, ErrorDefinition>;

export type WalletAddressRefusal = keyof typeof walletAddressRefusals;
export type EvmSignatureRefusal = keyof typeof evmSignatureRefusals;
export type TonProofRefusal = keyof typeof tonProofRefusals;
