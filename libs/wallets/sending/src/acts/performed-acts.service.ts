import { Injectable } from '@nestjs/common';
import {
  ActMetrics,
  embeddedWalletError,
  toSignature,
  WalletAccess,
  WalletActs,
  WalletSigning,
  type OpenedAct,
} from '@countersign/embedded-wallets';
import type { Principal } from '@countersign/sessions';
import { toSendResponse, type PerformedActResponse, type SendResponse } from '../dto/act.dto';
import { SendReplacements } from '../replacements/send-replacements';
import { sendError } from '../sending.errors';
import { Sending } from '../sending.service';
import { StoredSends } from '../store/stored-sends';

/** Performs what sessions have asked for. */
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

  /**
   * @throws AppError wallet.consent_needed, and as `WalletAccess.getEmbedded`, `WalletActs.get`, `WalletSigning.sign`, `Sending.perform` and
   * `SendReplacements.add`
   */
  async perform(caller: Principal, walletId: string, actId: string): Promise<PerformedActResponse> {
    const own = await this.access.getEmbedded(caller, walletId);
    const opened = await this.acts.get(caller, own, actId);
    const { kind } = opened.act;
    switch (kind) {
      case 'export':
      case 'unfreeze':
      case 'bind':
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

  /** Again, the same one. */
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
          if (kind === 'send') await this.sending.perform(caller, opened);
          else await this.replacements.perform(caller, opened, kind);
        } catch (error) {
          // A parallel call may have performed it, and used what the wallet had.
          if (!(await this.acts.get(caller, own, act.id)).act.doneAt) throw error;
        }
      });
    const stored = await this.stored.find(own.wallet.id, sendId);
    if (!stored) throw sendError('send.not_found');
    return toSendResponse(stored);
  }
}
