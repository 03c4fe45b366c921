import { ApiProperty } from '@nestjs/swagger';
import { NextCursor } from '@countersign/admin';
import { environments, walletProviders } from '@countersign/applications';
import { walletKinds, type WalletKind } from '../../store/wallet.entity';
import type { ListedWallet } from '../wallet-directory.repository';

export const WALLET_ID = '0199a3d2-4c1e-7a55-8f0b-6a7d1c2e3f40';
const USER_ID = '0199a3c0-2222-7c50-9d5e-0d6b1f2a3c44';
const IDENTITY_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const INSTANT = '2026-11-20T08:00:00.000Z';

/** A wallet as operators see it: without its address and its name. */
export class AdminWalletResponse {
  @ApiProperty({ format: 'uuid', description: 'The id of the wallet.', example: WALLET_ID })
  walletId: string;

  @ApiProperty({ format: 'uuid', description: 'The account that it is linked to.', example: USER_ID })
  userId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The identity that it is; its subject is the address.',
    example: IDENTITY_ID,
  })
  identityId: string;

  @ApiProperty({ enum: [...walletKinds], description: 'How the service knows it.', example: 'linked' })
  kind: WalletKind;

  @ApiProperty({
    enum: [...walletProviders],
    description: 'The platform of its addresses.',
    example: 'ethereum',
  })
  provider: string;

  @ApiProperty({
    enum: [...environments],
    description: 'Whether it is of a test network.',
    example: 'production',
  })
  environment: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'CAIP-2 of a contract wallet; null where a key controls the address.',
    example: null,
  })
  chainId: string | null;

  @ApiProperty({ description: 'Whether it is the primary wallet of the account.', example: true })
  isPrimary: boolean;

  @ApiProperty({ format: 'date-time', description: 'When it was linked.', example: INSTANT })
  linkedAt: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When a signature was last found to hold.',
    example: INSTANT,
  })
  checkedAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When a contract wallet was found to have other owners than at its last proof; null otherwise.',
    example: null,
  })
  ownersChangedAt: string | null;

  static of({
    id: walletId,
    linkedAt,
    checkedAt,
    ownersChangedAt,
    ...wallet
  }: ListedWallet): AdminWalletResponse {
    const { userId, identityId, kind, provider, environment, chainId, isPrimary } = wallet;
    return {
      ...{ walletId, userId, identityId, kind, provider, environment, chainId, isPrimary },
      linkedAt: linkedAt.toISOString(),
      checkedAt: checkedAt.toISOString(),
      ownersChangedAt: ownersChangedAt?.toISOString() ?? null,
    };
  }
}

export class AdminWalletPageResponse {
  @ApiProperty({ type: [AdminWalletResponse], description: 'Newest first.' })
  items: readonly AdminWalletResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export class WalletUnlinkingResponse {
  @ApiProperty({ format: 'uuid', description: 'The wallet, which is gone.', example: WALLET_ID })
  walletId: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many sessions ended.', example: 1 })
  endedSessions: number;
}
