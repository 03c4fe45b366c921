import { type ProofPurpose, proofPurposes } from '@countersign/auth';
import { Instant, OneOf, Text } from '@countersign/http';
import { EXAMPLE_CHALLENGE_ID } from './wallet-sign-in';
import { walletProofKinds, type WalletProofKind } from '../accepted-kinds';

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
