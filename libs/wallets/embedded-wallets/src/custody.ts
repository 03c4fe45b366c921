import { Injectable } from '@nestjs/common';
import { CustodyClient } from './custody/custody-client';
import { Refused, type Asked, type WalletDescription } from '@countersign/custody-protocol';
import { tonWalletOf } from '@countersign/wallet-keys';
import { walletActRefusals } from '@countersign/wallet-acts';
import { embeddedWalletError, walletActError } from './embedded-wallets.errors';
import type { NeededConsent } from './store/wallet-act.entity';

const refusalReasons = Object.keys(walletActRefusals) as (keyof typeof walletActRefusals)[];

const REFUSALS: Readonly<Partial<Record<Refused['code'], Parameters<typeof embeddedWalletError>[0]>>> = {
  wallet_unknown: 'wallet.key_missing',
  wallet_destroyed: 'wallet.key_missing',
  // Custody signed something else under the act's id.
  call_reused: 'wallet.act_performed',
  braked: 'wallet.acts_stopped',
  wallet_frozen: 'wallet.frozen',
  asset_not_allowed: 'wallet.asset_not_allowed',
  above_day: 'wallet.above_day_limit',
  above_hour: 'wallet.above_hour_limit',
  above_outstanding: 'wallet.above_outstanding_limit',
  nonce_unread: 'wallet.nonce_outside',
  nonce_outside: 'wallet.nonce_outside',
  consent_needed: 'wallet.consent_needed',
  consent_unknown: 'wallet.act_not_found',
  consent_unavailable: 'wallet.consent_unavailable',
  requests_waiting: 'wallet.requests_waiting',
};

@Injectable()
export class Custody {
  constructor(private readonly configured: CustodyClient) {}

  get isConfigured(): boolean {
    return this.configured.isConfigured;
  }

  assertConfigured(): void {
    if (!this.isConfigured) throw embeddedWalletError('wallet.embedded_off');
  }

  get client(): CustodyClient {
    this.assertConfigured();
    return this.configured;
  }

  /** Turns custody's refusals into errors of this lib. */
  async answer<T>(call: (client: CustodyClient) => Promise<T>): Promise<T> {
    try {
      return await call(this.client);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, details } = error;
      const reason = refusalReasons.find((known) => known === details.reason);
      if (code === 'act_refused' && reason) throw walletActError(reason, { cause: error });
      const refusal = REFUSALS[code];
      if (refusal) throw embeddedWalletError(refusal, { ...details, cause: error });
      throw error;
    }
  }
}

export function tonWalletIn(
  environment: string,
  { tonPublicKey }: WalletDescription,
): ReturnType<typeof tonWalletOf> {
  return tonWalletOf(Buffer.from(tonPublicKey, 'hex'), environment === 'test' ? -3 : -239);
}

export function consentIn(asked: Asked): NeededConsent | null {
  if (asked.isFree) return null;
  const { consent: id, link, expiresAt } = asked;
  return { id, link, expiresAt };
}
