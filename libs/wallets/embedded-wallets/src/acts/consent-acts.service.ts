import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import { Refused } from '@countersign/custody-client';
import { Database } from '@countersign/database';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { AccountEvents } from '@countersign/users';
import { consentIn, Custody } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { WalletActEntity } from '../store/wallet-act.entity';
import { ActRules, WalletAccess } from './act-rules';
import type { ConsentKind } from './acts';
import type { OpenedAct } from './wallet-acts.service';

/** What a person does at the consent page alone. */
@Injectable()
export class ConsentActs {
  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly rules: ActRules,
    private readonly custody: Custody,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks the person for the words of the wallet, or for the end of its freeze.
   * @throws AppError wallet.embedded_off, wallet.consent_unavailable, wallet.requests_waiting, wallet.above_hour_limit, and as `ActRules.assertMay`
   */
  async ask(caller: Principal, own: OwnWallet, kind: Exclude<ConsentKind, 'bind'>): Promise<OpenedAct> {
    const walletId = own.wallet.id;
    await this.database.transaction((tx) => this.rules.assertMay(tx, caller, { walletId, kind }, null));
    const act = await this.custody.answer(() => this.askPerson(caller, own, kind));
    if (!act) throw embeddedWalletError('wallet.consent_unavailable');
    return act;
  }

  /**
   * Asks the person to bind the wallet, within a day after it was created. Null where it is bound, or nobody can consent.
   * @throws AppError wallet.custody_unavailable
   */
  async askToBind(caller: Principal, own: OwnWallet): Promise<OpenedAct | null> {
    try {
      return await this.askPerson(caller, own, 'bind');
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  private async askPerson(caller: Principal, own: OwnWallet, kind: ConsentKind): Promise<OpenedAct | null> {
    const [id, walletId] = [uuidv7(), own.wallet.id];
    const requester = await this.access.requesterOf(caller);
    const consent = consentIn(await this.custody.client.askFor({ callId: id, walletId }, kind, requester));
    if (!consent) return null;
    const expiresAt = new Date(consent.expiresAt);
    const act = WalletActEntity.of(caller, { id, walletId, kind, consent, expiresAt });
    await this.database.transaction(async (tx) => {
      const { userId } = caller;
      // Its words are shown long after it expires.
      const isExport = kind === 'export';
      await tx.insert(WalletActEntity, isExport ? { ...act, allowedAt: this.clock.now() } : act);
      if (isExport) await this.events.add(tx, 'wallet.export_requested', userId, { userId, walletId });
    });
    return { act, own, wanted: {}, details: null };
  }
}
