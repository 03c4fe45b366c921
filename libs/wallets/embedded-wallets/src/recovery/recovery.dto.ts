import { Flag, Id, Instant, ListOf, OneOf, Text } from '@countersign/http';
import { recoveryOutcomes, type WalletRecoveryEntity } from './recovery.entities';

export const recoveryStates = ['waiting', 'accepted', ...recoveryOutcomes] as const;
export type RecoveryState = (typeof recoveryStates)[number];

export class RecoverySecretResponse {
  @Text('Shown once. Its holder can ask for the wallets.', '7K3D-0QZB-4MWX-9HTN-2V6E-RJ8C-1PAS-5GYF')
  recoverySecret: string;
}

export class RecoverWalletsRequest {
  @Text('As the person stored it.', '7K3D-0QZB-4MWX-9HTN-2V6E-RJ8C-1PAS-5GYF', {
    input: 'required',
    max: 100,
  })
  secret: string;
}

export class AnswerRecoveryRequest {
  @Id('The recovery.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', { input: 'required' })
  recoveryId: string;
}

export class WalletRecoveryResponse {
  @Id('The recovery.')
  recoveryId: string;

  @Flag('Whether this account asks for the wallets of another one; otherwise it has them.', true)
  isOwn: boolean;

  @Id('The application in which it was asked for.')
  applicationId: string;

  @OneOf(
    recoveryStates,
    '`ended`: an account was merged, deactivated or is to be erased, or it was not completed for 30 days.',
    'waiting',
  )
  state: RecoveryState;

  @Instant('When it was asked for.')
  askedAt: string;

  @Instant('From when on it can be completed, unless the other account refuses.')
  readyAt: string;

  static of(recovery: WalletRecoveryEntity, userId: string): WalletRecoveryResponse {
    const { id, askingUserId, applicationId, askedAt, readyAt } = recovery;
    return {
      recoveryId: id,
      isOwn: askingUserId === userId,
      applicationId,
      state: stateOf(recovery),
      askedAt: askedAt.toISOString(),
      readyAt: readyAt.toISOString(),
    };
  }
}

export class WalletRecoveriesResponse {
  @ListOf(WalletRecoveryResponse, 'Newest first.')
  items: readonly WalletRecoveryResponse[];
}

export function stateOf({ outcome, acceptedAt }: WalletRecoveryEntity): RecoveryState {
  return outcome ?? (acceptedAt ? 'accepted' : 'waiting');
}
