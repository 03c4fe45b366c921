import { IntersectionType } from '@nestjs/swagger';
import { EXAMPLE_APPLICATION_ID, type ProofPurpose, proofPurposes } from '@countersign/auth';
import { Id, Matching, OneOf, Text } from '@countersign/http';
import { walletProofKinds, type WalletProofKind } from '../accepted-kinds';

/** CAIP-2, as far as wallets of it can be proven. */
const CHAIN_ID = /^(?:eip155:[1-9]\d{0,14}|(?:ton|tvm):-(?:239|3))$/;

/** What a person proves within a session. */
type SessionPurpose = Exclude<ProofPurpose, 'sign-in'>;
const sessionPurposes = proofPurposes.filter((purpose): purpose is SessionPurpose => purpose !== 'sign-in');

/** Which wallet is asked to sign, and what. */
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

/** For a sign-in. */
export class SignInChallengeRequest extends IntersectionType(ApplicationOfChallenge, WalletOfChallenge) {}

/** Within a session. */
export class WalletChallengeRequest extends WalletOfChallenge {
  @OneOf(
    sessionPurposes,
    'What the proof is for: to link the wallet, or a step-up or a merge by a wallet. The text of `siwe` says it.',
    'link',
    { input: 'optional', default: 'link' },
  )
  purpose?: SessionPurpose;
}
