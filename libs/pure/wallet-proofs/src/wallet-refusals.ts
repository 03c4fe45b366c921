import { refusals } from '@countersign/text';

/** Every rule that an address or a chain id can fail. */
export const walletAddressRefusals = refusals('malformed', {
  'wallet.address_invalid':
    'The address is not one of this kind of wallet. Send an Ethereum address in lower case or with its EIP-55 checksum, a TON address raw or in its user-friendly form.',
  'wallet.chain_invalid':
    'The chain is not one that this kind of wallet can name. Send a CAIP-2 id such as `eip155:1`, `ton:-239` or `ton:-3`.',
});

/** Every rule that an Ethereum wallet's signature can fail. */
export const evmSignatureRefusals = {
  ...refusals('malformed', {
    'wallet.signature_malformed': 'The signature is not `0x` and an even number of hex digits within 8 KiB',
  }),
  ...refusals('unauthenticated', {
    'wallet.signature_unsupported':
      'The signature is wrapped in a way that is not accepted. Send the signature of the wallet itself. A contract wallet must be deployed.',
    'wallet.signature_invalid':
      'The signature is not that of the wallet. Sign with the wallet whose address the challenge names.',
  }),
};

/** Every rule that a `ton_proof` can fail. */
export const tonProofRefusals = {
  ...refusals('malformed', {
    'wallet.proof_too_long': 'A field of the proof is longer than it may be',
    'wallet.proof_malformed':
      "The proof is not a `ton_proof` of TON Connect. Send the account's address, network, public key and state init with the `proof` of the connect event.",
    'wallet.state_init_malformed':
      'The state init is not a well-formed one. Send `walletStateInit` as TON Connect gives it.',
  }),
  ...refusals('unauthenticated', {
    'wallet.network_mismatch':
      'The wallet is on another network than the challenge. Connect a wallet of the network that the challenge names.',
    'wallet.address_mismatch':
      'The wallet is another one than the challenge names. Ask for a challenge for the address that is connected.',
    'wallet.domain_mismatch':
      'The proof is made for another domain. Serve the TON Connect manifest from the domain that the challenge names.',
    'wallet.payload_mismatch':
      'The payload is not that of the challenge. Pass the payload of the challenge to TON Connect as it is.',
    'wallet.proof_expired':
      'The proof is older than the challenge. Ask for a new challenge, and check the clock of the device.',
    'wallet.proof_in_future':
      'The date of the proof lies in the future. Check the clock of the device, and that `timestamp` is in seconds.',
    'wallet.state_init_mismatch':
      'The state init is not that of the address. Send `walletStateInit` and the address as TON Connect gives them.',
    'wallet.public_key_mismatch':
      'The public key is not that of the wallet. Send `publicKey` as TON Connect gives it, or leave it out.',
    'wallet.public_key_weak':
      'The public key of the wallet accepts signatures that need no secret. Use a wallet whose key was made by a wallet application.',
    'wallet.signature_not_allowed':
      'The wallet accepts no signatures of its key. Its extensions rule this wallet: allow signatures in it, or use another one.',
  }),
  'wallet.signature_invalid': evmSignatureRefusals['wallet.signature_invalid'],
};

export type WalletAddressRefusal = keyof typeof walletAddressRefusals;
export type EvmSignatureRefusal = keyof typeof evmSignatureRefusals;
export type TonProofRefusal = keyof typeof tonProofRefusals;
