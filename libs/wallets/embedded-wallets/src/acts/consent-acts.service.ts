import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/runtime';
import { Refused, type Recipients } from '@countersign/custody-protocol';
import { Database } from '@countersign/database';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { AccountEvents } from '@countersign/users';
import { membersOf } from '@countersign/wallet-acts';
import { consentIn, Custody } from '../custody';
import { embeddedWalletError, walletActError } from '../embedded-wallets.errors';
import { WalletActEntity } from '../store/wallet-act.entity';
import { ActRules, WalletAccess } from './act-rules';
import type { ActInput, ConsentKind } from './acts';
import type { OpenedAct } from './wallet-acts.service';
import { embeddedWalletEvents } from '../embedded-wallets.feature';

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

  /** Asks for the wallet's words, the end of its freeze, or another wallet as its way out. */
  async ask(
    caller: Principal,
    own: OwnWallet,
    kind: Exclude<ConsentKind, 'bind'>,
    { request }: ActInput,
  ): Promise<OpenedAct> {
    const walletId = own.wallet.id;
    const to = kind === 'way-out' ? recipientsIn(request) : null;
    await this.database.transaction((tx) => this.rules.assertMay(tx, caller, { walletId, kind }, null));
    const act = await this.custody.answer(() => this.askPerson(caller, own, kind, to));
    if (!act) throw embeddedWalletError('wallet.consent_unavailable');
    return act;
  }

  /**
   * Asks the person to bind the wallet, within a day after its creation. Null if it is bound or consent is impossible.
   */
  async askToBind(caller: Principal, own: OwnWallet): Promise<OpenedAct | null> {
    try {
      return await this.askPerson(caller, own, 'bind');
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  private async askPerson(
    caller: Principal,
    own: OwnWallet,
    kind: ConsentKind,
    to: Recipients | null = null,
  ): Promise<OpenedAct | null> {
    const [id, walletId] = [uuidv7(), own.wallet.id];
    const requester = await this.access.requesterOf(caller);
    const consent = consentIn(
      await this.custody.client.askFor({ callId: id, walletId }, kind, requester, to),
    );
    if (!consent) return null;
    const expiresAt = new Date(consent.expiresAt);
    const act = WalletActEntity.of(caller, { id, walletId, kind, consent, expiresAt });
    await this.database.transaction(async (tx) => {
      const { userId } = caller;
      // The job that follows these acts deletes them when they expire.
      const isFollowed = kind === 'export' || kind === 'way-out';
      await tx.insert(WalletActEntity, isFollowed ? { ...act, allowedAt: this.clock.now() } : act);
      if (kind === 'export')
        await this.events.add(tx, embeddedWalletEvents.exportRequested, userId, { userId, walletId });
    });
    return { act, own, wanted: {}, details: null };
  }
}

function recipientsIn(request: ActInput['request']): Recipients {
  const members = membersOf(request, ['address', 'tonAddress']);
  const [evm, ton] = [members?.get('address'), members?.get('tonAddress') ?? null];
  if (typeof evm !== 'string' || (ton !== null && typeof ton !== 'string'))
    throw walletActError('wallet.act_malformed');
  return { evm, ton };
}
