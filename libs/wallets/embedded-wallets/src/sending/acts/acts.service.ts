import { Injectable } from '@nestjs/common';
import { ActMetrics } from '../../acts/act-metrics';
import { ConsentActs } from '../../acts/consent-acts.service';
import { toAct, toSignature, type ActResponse } from '../../dto/embedded-wallet.dto';
import { WalletAccess } from '../../acts/act-rules';
import { WalletActs, type OpenedAct } from '../../acts/wallet-acts.service';
import { WalletSigning } from '../../acts/wallet-signing';
import { embeddedWalletError } from '../../embedded-wallets.errors';
import { type ReadAct, type WantedAct } from '../../acts/acts';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { SendReplacements } from '../replacements/send-replacements';
import { SendPlans } from '../send-plans';
import { toSendResponse, type PerformedActResponse, type SendResponse } from '../dto/act.dto';
import { Sending, wantedBy } from '../sending.service';
import { StoredSends } from '../store/stored-sends';

@Injectable()
export class AskedActs {
  constructor(
    private readonly access: WalletAccess,
    private readonly acts: WalletActs,
    private readonly consents: ConsentActs,
    private readonly signing: WalletSigning,
    private readonly plans: SendPlans,
    private readonly replacements: SendReplacements,
    private readonly metrics: ActMetrics,
  ) {}

  async ask(caller: Principal, walletId: string, wanted: WantedAct): Promise<ActResponse> {
    const { kind } = wanted;
    await this.access.settingsOf(caller.applicationId);
    const own = await this.access.getEmbedded(caller, walletId);
    if (kind === 'export' || kind === 'unfreeze' || kind === 'way-out')
      return this.shown(await this.consents.ask(caller, own, kind, wanted));
    const asked = await this.metrics.counted(kind, 'asked', async () => {
      const earlier = await this.acts.findEarlier(caller, own, wanted);
      return earlier ?? this.acts.store(caller, own, wanted, await this.read(caller, own, wanted));
    });
    return this.shown(asked);
  }

  async get(caller: Principal, walletId: string, actId: string): Promise<ActResponse> {
    return this.shown(await this.acts.get(caller, await this.access.get(caller, walletId), actId));
  }

  private async read(caller: Principal, own: OwnWallet, wanted: WantedAct): Promise<ReadAct> {
    const { kind } = wanted;
    switch (kind) {
      case 'send':
        return (await this.plans.plan({ own, wanted, maxFee: null })).read;
      case 'speed-up':
      case 'cancel':
        return (await this.replacements.plan({ own, wanted, maxFee: null }, kind)).read;
      case 'export':
      case 'unfreeze':
      case 'bind':
      case 'way-out':
        throw new Error('nothing is signed');
      default:
        return this.signing.read(caller, own, { ...wanted, kind });
    }
  }

  private async shown(opened: OpenedAct): Promise<ActResponse> {
    return toAct(opened, await this.acts.stateOf(opened.act));
  }
}

@Injectable()
export class PerformedActs {
  constructor(
    private readonly access: WalletAccess,
    private readonly acts: WalletActs,
    private readonly signing: WalletSigning,
    private readonly sending: Sending,
    private readonly replacements: SendReplacements,
    private readonly stored: StoredSends,
    private readonly metrics: ActMetrics,
  ) {}

  async perform(caller: Principal, walletId: string, actId: string): Promise<PerformedActResponse> {
    const own = await this.access.getEmbedded(caller, walletId);
    const opened = await this.acts.get(caller, own, actId);
    const { kind } = opened.act;
    switch (kind) {
      case 'export':
      case 'unfreeze':
      case 'bind':
      case 'way-out':
        throw embeddedWalletError('wallet.consent_needed');
      case 'send':
      case 'speed-up':
      case 'cancel': {
        const send = await this.send(caller, opened, kind);
        return { actId, signature: null, ton: null, details: opened.details, send };
      }
      default: {
        const sign = () => this.signing.sign(caller, opened, kind);
        return { ...toSignature(await this.metrics.counted(kind, 'done', sign)), send: null };
      }
    }
  }

  /** Returns the same send each time, also after a lost answer. */
  private async send(
    caller: Principal,
    opened: OpenedAct,
    kind: 'send' | 'speed-up' | 'cancel',
  ): Promise<SendResponse> {
    const { act, own, wanted } = opened;
    const sendId = kind === 'send' ? act.id : String(wanted.request?.['sendId']);
    if (!act.doneAt)
      await this.metrics.counted(kind, 'done', async () => {
        try {
          this.acts.assertOpen(act);
          if (kind === 'send') await this.sending.send(caller, wantedBy(opened), opened);
          else await this.replacements.add(caller, wantedBy(opened), kind, opened);
        } catch (error) {
          // A parallel call may have performed the act and used the wallet's funds.
          if (!(await this.acts.get(caller, own, act.id)).act.doneAt) throw error;
        }
      });
    return toSendResponse(await this.stored.get(own.wallet.id, sendId));
  }
}
