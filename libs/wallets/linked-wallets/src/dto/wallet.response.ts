import { ApiProperty } from '@nestjs/swagger';
import { walletProofKinds, walletProviders, environments } from '@countersign/applications';
import { nextCursorField, type Page } from '@countersign/http';
import { assurances, type Assurance, type SignatureSwitch } from '@countersign/users';
import type { OwnWallet } from '../own/own-wallets.service';
import { shownAddress } from '../shown-address';
import type { WalletEvidence } from '../store/wallet-sealing';
import { walletKinds, type WalletKind } from '../store/wallet.entity';

const WALLET_ID = '0199a3d2-4c1e-7a55-8f0b-6a7d1c2e3f40';
const IDENTITY_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const signatureSwitches = ['allowed', 'not-asked'] as const satisfies readonly SignatureSwitch[];
const INSTANT = '2026-11-20T08:00:00.000Z';

/** At which block a contract wallet was asked. */
export class CheckedBlockResponse {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Its number.', example: 23846120 })
  number: number;

  @ApiProperty({
    description: 'Its hash.',
    example: '0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6',
  })
  hash: string;
}

/** How the address was proven. */
export class WalletProofResponse {
  @ApiProperty({ description: 'What was signed.', enum: [...walletProofKinds], example: 'siwe' })
  kind: WalletEvidence['kind'];

  @ApiProperty({ description: 'CAIP-2: the chain that the message named.', example: 'eip155:1' })
  provenOn: string;

  @ApiProperty({
    type: CheckedBlockResponse,
    nullable: true,
    description:
      'Of a contract wallet: the block at which it accepted the signature. `null` where a key signed.',
  })
  block: CheckedBlockResponse | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many nodes agreed on it; 0 where none was asked.',
    example: 0,
  })
  nodes: number;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: [...signatureSwitches],
    description:
      'Of a wallet of TON that can switch signatures off (v5), and then obeys its extensions only: `allowed`, or `not-asked` where the operator has configured no endpoint, so that the key may no longer control it. `null` for all others.',
    example: null,
  })
  signatureSwitch: SignatureSwitch;
}

export class WalletResponse {
  @ApiProperty({ format: 'uuid', description: 'The id of the wallet.', example: WALLET_ID })
  walletId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The identity that it is: unlinking one unlinks the other.',
    example: IDENTITY_ID,
  })
  identityId: string;

  @ApiProperty({
    description: 'How the service knows it: `linked`, by a proof of its owner.',
    enum: [...walletKinds],
    example: 'linked',
  })
  kind: WalletKind;

  @ApiProperty({
    description: 'The platform of its addresses.',
    enum: [...walletProviders],
    example: 'ethereum',
  })
  provider: string;

  @ApiProperty({
    description: 'Whether it is of a test network.',
    enum: [...environments],
    example: 'production',
  })
  environment: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'CAIP-2 of a contract wallet, whose address may have other owners on other chains. `null` where a key controls the address.',
    example: null,
  })
  chainId: string | null;

  @ApiProperty({
    description: 'The address: with the checksum of EIP-55, or in the non-bounceable form of TON.',
    example: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  })
  address: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The name that the person gave it.',
    example: 'Savings',
  })
  label: string | null;

  @ApiProperty({ description: 'Whether it is the primary wallet; exactly one is.', example: true })
  isPrimary: boolean;

  @ApiProperty({
    description: 'The most assurance that sessions opened with it get.',
    enum: [...assurances],
    example: 'platform',
  })
  assurance: Assurance;

  @ApiProperty({
    type: WalletProofResponse,
    nullable: true,
    description: 'How the address was proven last.',
  })
  proof: WalletProofResponse | null;

  @ApiProperty({ format: 'date-time', description: 'When it was linked.', example: INSTANT })
  linkedAt: string;

  @ApiProperty({
    format: 'date-time',
    description:
      'When a signature was last found to hold: at the last proof, or for a contract wallet at a later check.',
    example: INSTANT,
  })
  checkedAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When a contract wallet was found to accept the signature no longer: its owners have changed. `null` otherwise. Another proof sets it back.',
    example: null,
  })
  ownersChangedAt: string | null;
}

export class WalletPage {
  @ApiProperty({ type: [WalletResponse], description: 'Oldest first.' })
  items: readonly WalletResponse[];

  @ApiProperty(nextCursorField)
  nextCursor: string | null;
}

export function toWalletResponse({ wallet, identity, address, label, evidence }: OwnWallet): WalletResponse {
  const { id: walletId, identityId, kind, provider, environment, chainId, isPrimary } = wallet;
  return {
    ...{ walletId, identityId, kind, provider, environment, chainId },
    address: shownAddress({ provider, environment, address }),
    label,
    isPrimary,
    assurance: identity.cap,
    proof: evidence && {
      kind: evidence.kind,
      provenOn: evidence.provenOn,
      block: evidence.check?.block ?? null,
      nodes: (evidence.check ?? evidence.ton)?.nodes ?? 0,
      signatureSwitch: evidence.ton?.signatureSwitch ?? null,
    },
    linkedAt: wallet.linkedAt.toISOString(),
    checkedAt: wallet.checkedAt.toISOString(),
    ownersChangedAt: wallet.ownersChangedAt?.toISOString() ?? null,
  };
}

export function toWalletPage({ items, nextCursor }: Page<OwnWallet>): WalletPage {
  return { items: items.map(toWalletResponse), nextCursor };
}
