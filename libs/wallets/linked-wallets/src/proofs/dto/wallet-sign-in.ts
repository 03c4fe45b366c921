import { SignInRequest, TakesReferralCode } from '@countersign/auth';
import { ObjectOf, Text } from '@countersign/http';

export const EXAMPLE_CHALLENGE_ID = 'cs_wc_...';
export const EXAMPLE_SIGNATURE = '0x5c1f0a7e1b';
export const EXAMPLE_TON_PROOF = {
  address: '0:9a1c2d3e...',
  network: '-239',
  walletStateInit: 'te6cc...',
  proof: {
    timestamp: 1793700000,
    domain: { lengthBytes: 16, value: 'game.example.com' },
    payload: '6f1c...',
    signature: 'mHq0...',
  },
};

/** 8 KiB: several owners of a contract wallet sign with 65 bytes each. */
const MAX_SIGNATURE_LENGTH = 2 + 2 * 8_192;

/** The answer of a wallet to a challenge. */
@TakesReferralCode()
export class WalletSignIn extends SignInRequest {
  @Text('The challenge that the wallet answers.', EXAMPLE_CHALLENGE_ID, { input: 'required', max: 128 })
  challengeId: string;

  @Text(
    'For `siwe` and `metapro`: the signature of `personal_sign` (EIP-191) over `message`, `0x` and hex. This or ' +
      '`tonProof`.',
    EXAMPLE_SIGNATURE,
    {
      input: 'optional',
      max: MAX_SIGNATURE_LENGTH,
      pattern: /^0x(?:[0-9a-fA-F]{2})*$/,
      message: 'must be 0x and hex digits',
    },
  )
  signature?: string;

  @ObjectOf(
    true,
    'For `ton-proof`: `account` of TON Connect with its `ton_proof` as `proof`. `signature` and `walletStateInit` are in ' +
      'base64, URL-safe or not. `network` may be called `chain`. This or `signature`.',
    EXAMPLE_TON_PROOF,
    { input: 'optional' },
  )
  tonProof?: Readonly<Record<string, unknown>>;
}
