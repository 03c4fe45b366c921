import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ActDecisions } from '@countersign/account';
import { Clock } from '@countersign/clock';
import { CustodyRefused, type ConsentState } from '@countersign/custody-client';
import { sha256 } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { OwnWallets, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UsersService } from '@countersign/users';
import { ActRules } from '../acts/act-rules';
import { embeddedWalletActs } from '../acts/acts';
import { Custody } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { EmbeddedWallets } from '../own/embedded-wallets.service';
import { WalletActsRepository } from '../store/wallet-acts.repository';
import { neededConsent, type NeededConsent } from './needed-consent';

const CONSENT_ID = /^[0-9a-f]{64}$/;

/** What a person is asked to consent to for itself. */
export const wantedConsents = ['export', 'unfreeze'] as const;
export type WantedConsent = (typeof wantedConsents)[number];

/** Consents of persons, which custody asks for and takes at a bot of its own. */
@Injectable()
export class WalletConsents {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly rules: ActRules,
    private readonly decisions: ActDecisions,
    private readonly users: UsersService,
    private readonly acts: WalletActsRepository,
    private readonly custody: Custody,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * That the wallet is the person's, who opens the link within a day after it was made. Null where it is bound, or nobody can consent.
   * @throws AppError wallet.custody_unavailable
   */
  async bindingOf({ wallet }: OwnWallet): Promise<NeededConsent | null> {
    const walletId = wallet.id;
    try {
      return neededConsent(await this.custody.client.askFor({ callId: uuidv7(), walletId }, 'bind'));
    } catch (error) {
      if (error instanceof CustodyRefused) return null;
      throw error;
    }
  }

  /**
   * Asks for the words of a wallet, or for the end of its freeze.
   * @throws AppError wallet.not_found, wallet.not_embedded, wallet.embedded_off, wallet.consent_unavailable, wallet.above_hour_limit,
   * auth.assurance_too_low, and for an export as `ActRules.assertMay`
   */
  async ask(caller: Principal, walletId: string, kind: WantedConsent): Promise<NeededConsent> {
    const { userId, applicationId, sessionId } = caller;
    await this.embeddedWallets.settingsOf(applicationId);
    const own = await this.wallets.get(caller, walletId);
    if (own.wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      if (kind === 'export') await this.rules.assertMay(tx, caller, walletId, { act: 'export' }, null);
      else await this.decisions.assertAtLevel(caller, embeddedWalletActs['wallet.unfreeze'], tx);
    });
    const id = uuidv7();
    const asked = await this.custody.answer((client) => client.askFor({ callId: id, walletId }, kind));
    const needed = neededConsent(asked);
    if (!needed) throw embeddedWalletError('wallet.consent_unavailable');
    if (kind === 'export')
      await this.database.transaction(async (tx) => {
        const digest = Buffer.from(needed.consentId, 'hex');
        const now = this.clock.now();
        await this.acts.insert(tx, {
          ...{ id, walletId, applicationId, sessionId, act: 'export', details: null },
          ...{ digest: sha256(digest), tokenDigest: digest, consent: needed.consentId },
          ...{ expiresAt: new Date(needed.expiresAt), allowedAt: now, attemptedAt: null, doneAt: null },
        });
        await this.events.add(tx, 'wallet.export_requested', userId, { userId, walletId });
      });
    return needed;
  }

  /** @throws AppError wallet.not_found, wallet.consent_not_found */
  async stateOf(caller: Principal, walletId: string, consentId: string): Promise<ConsentState> {
    await this.wallets.get(caller, walletId);
    if (!CONSENT_ID.test(consentId)) throw embeddedWalletError('wallet.consent_not_found');
    const found = await this.custody.answer((client) => client.asked(consentId));
    if (found.walletId !== walletId) throw embeddedWalletError('wallet.consent_not_found');
    return found.state;
  }
}
