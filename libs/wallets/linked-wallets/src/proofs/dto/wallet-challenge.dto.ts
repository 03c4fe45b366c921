import {
  SignInRequest,
  TakesReferralCode,
  EXAMPLE_APPLICATION_ID,
  proofPurposes,
  type ProofPurpose,
} from '@countersign/auth';
import { ObjectOf, Text, Id, Matching, OneOf, Instant } from '@countersign/http';
import { IntersectionType } from '@nestjs/swagger';
import { walletProofKinds, type WalletProofKind } from '../proven-wallet';

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

/** 8 KiB, because several owners of a contract wallet sign with 65 bytes each. */
const MAX_SIGNATURE_LENGTH = 2 + 2 * 8_192;

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

/** The CAIP-2 ids of the chains whose wallets can be proven. */
const CHAIN_ID = /^(?:eip155:[1-9]\d{0,14}|(?:ton|tvm):-(?:239|3))$/;

type SessionPurpose = Exclude<ProofPurpose, 'sign-in'>;
const sessionPurposes = proofPurposes.filter((purpose): purpose is SessionPurpose => purpose !== 'sign-in');

export class WalletOfChallenge {
  @OneOf(
    walletProofKinds,
    'What the wallet signs: `siwe` (EIP-4361), the fixed message of Metapro, or `ton_proof` of TON Connect.',
    'siwe',
    { input: 'required' },
  )
  kind: WalletProofKind;

  @Text(
    'The address: `0x` and 40 hex digits, in lower case or with the checksum of EIP-55; of TON raw or user-friendly. ' +
      'For `ton-proof` it may be absent.',
    '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
    { input: 'optional', max: 100 },
  )
  address?: string;

  @Matching(
    'The chain by CAIP-2, such as `eip155:1` or `ton:-239`; `tvm:` is read as `ton:`. Without it `eip155:1`, and for ' +
      '`ton-proof` the main network.',
    'eip155:1',
    { input: 'optional', pattern: CHAIN_ID, message: 'must be eip155:<number>, ton:-239 or ton:-3' },
  )
  chainId?: string;

  @Text(
    'The web origin that the wallet signs for: one of `origins` of the application. Without it that of the `Origin` ' +
      'header, else the first of `origins`.',
    'https://game.example.com',
    { input: 'optional', max: 255 },
  )
  origin?: string;
}

class ApplicationOfChallenge {
  @Id('The id of the application.', EXAMPLE_APPLICATION_ID, { input: 'required' })
  applicationId: string;
}

export class SignInChallengeRequest extends IntersectionType(ApplicationOfChallenge, WalletOfChallenge) {}

export class WalletChallengeRequest extends WalletOfChallenge {
  @OneOf(
    sessionPurposes,
    'What the proof is for: to link the wallet, or a step-up or a merge by a wallet. The text of `siwe` says it.',
    'link',
    { input: 'optional', default: 'link' },
  )
  purpose?: SessionPurpose;
}

const EXAMPLE_MESSAGE =
  'game.example.com wants you to sign in with your Ethereum account:\n0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045\n\n...';

export class WalletChallengeResponse {
  @Text(
    'To be presented with the signature. A secret of the caller, good for one attempt.',
    EXAMPLE_CHALLENGE_ID,
  )
  challengeId: string;

  @OneOf(walletProofKinds, 'What the wallet signs.', 'siwe')
  kind: WalletProofKind;

  @OneOf(proofPurposes, 'What the proof is for.', 'sign-in')
  purpose: ProofPurpose;

  @Text(
    'The address in the usual form: EIP-55, or of TON non-bounceable; null where the request named none.',
    '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
    { nullable: true },
  )
  address: string | null;

  @Text('The chain, by CAIP-2.', 'eip155:1')
  chainId: string;

  @Text('For `siwe` and `metapro`: the text for `personal_sign`, byte for byte.', EXAMPLE_MESSAGE, {
    nullable: true,
  })
  message: string | null;

  @Text('For `ton-proof`: the payload of the `ton_proof` item of TON Connect.', null, { nullable: true })
  payload: string | null;

  @Text(
    'The domain that the wallet signs for; for `ton-proof` the host of the manifest of TON Connect. Null for `metapro`, ' +
      'whose message names none.',
    'game.example.com',
    { nullable: true },
  )
  domain: string | null;

  @Instant('Until when the proof has to be presented.', '2026-11-02T09:35:00.000Z')
  expiresAt: string;
}
