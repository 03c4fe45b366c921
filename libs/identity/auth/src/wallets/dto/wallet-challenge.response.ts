import { ApiProperty } from '@nestjs/swagger';
import { walletProofKinds, type WalletProofKind } from '@countersign/applications';
import { proofPurposes, type ProofPurpose } from '../../doors/door';
import { EXAMPLE_CHALLENGE_ID } from './wallet-sign-in';

const EXAMPLE_MESSAGE =
  'game.example.com wants you to sign in with your Ethereum account:\n0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045\n\n...';

export class WalletChallengeResponse {
  @ApiProperty({
    description: 'To be presented with the signature. A secret of the caller, good for one attempt.',
    example: EXAMPLE_CHALLENGE_ID,
  })
  challengeId: string;

  @ApiProperty({ description: 'What the wallet signs.', enum: [...walletProofKinds], example: 'siwe' })
  kind: WalletProofKind;

  @ApiProperty({ description: 'What the proof is for.', enum: [...proofPurposes], example: 'sign-in' })
  purpose: ProofPurpose;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'The address in the usual form: EIP-55, or of TON non-bounceable; null where the request named none.',
    example: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
  })
  address: string | null;

  @ApiProperty({ description: 'The chain, by CAIP-2.', example: 'eip155:1' })
  chainId: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For `siwe` and `metapro`: the text for `personal_sign`, byte for byte.',
    example: EXAMPLE_MESSAGE,
  })
  message: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For `ton-proof`: the payload of the `ton_proof` item of TON Connect.',
    example: null,
  })
  payload: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'The domain that the wallet signs for; for `ton-proof` the host of the manifest of TON Connect. Null for `metapro`, ' +
      'whose message names none.',
    example: 'game.example.com',
  })
  domain: string | null;

  @ApiProperty({
    format: 'date-time',
    description: 'Until when the proof has to be presented.',
    example: '2026-11-02T09:35:00.000Z',
  })
  expiresAt: string;
}
