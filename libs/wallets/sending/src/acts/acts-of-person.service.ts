import { Injectable } from '@nestjs/common';
import {
  ActReading,
  embeddedWalletError,
  toAct,
  toSignature,
  WalletActs,
  WalletSigning,
  type ActResponse,
  type OpenedAct,
  type ReadsAct,
  type WantedAct,
} from '@countersign/embedded-wallets';
import type { Principal } from '@countersign/sessions';
import { toSendResponse } from '../dto/send.response';
import { SendPlans } from '../making/send-plans';
import { Sending } from '../making/sending.service';
import { OwnSends } from '../own/own-sends.service';
import type { PerformedActResponse } from './act.dto';

/** What sessions ask embedded wallets to do: to sign, to send, or to ask their person. */
@Injectable()
export class ActsOfPerson {
  constructor(
    private readonly acts: WalletActs,
    private readonly reading: ActReading,
    private readonly signing: WalletSigning,
    private readonly plans: SendPlans,
    private readonly sending: Sending,
    private readonly sends: OwnSends,
  ) {}

  /** @throws AppError as `WalletActs.ask`, `ActReading.read` and `SendPlans` */
  async ask(
    caller: Principal,
    walletId: string,
    wanted: WantedAct & { readonly key?: string | undefined },
  ): Promise<ActResponse> {
    const { kind } = wanted;
    const isForPerson = kind === 'export' || kind === 'unfreeze';
    return this.shown(
      isForPerson
        ? await this.acts.askFor(caller, walletId, kind)
        : await this.acts.ask(caller, walletId, wanted, this.readerOf(wanted)),
    );
  }

  /** @throws AppError as `WalletActs.get`, and wallet.custody_unavailable */
  async read(caller: Principal, walletId: string, actId: string): Promise<ActResponse> {
    return this.shown(await this.acts.get(caller, walletId, actId));
  }

  /** @throws AppError as `WalletActs.get`, `WalletSigning.sign` and `Sending.perform`, and wallet.consent_needed */
  async perform(caller: Principal, walletId: string, actId: string): Promise<PerformedActResponse> {
    const opened = await this.acts.get(caller, walletId, actId);
    const { kind } = opened.act;
    switch (kind) {
      case 'export':
      case 'unfreeze':
      case 'bind':
        throw embeddedWalletError('wallet.consent_needed');
      case 'send':
      case 'speed-up':
      case 'cancel': {
        const sendId = await this.sending.perform(caller, opened);
        const send = toSendResponse(await this.sends.get(caller, walletId, sendId));
        return { actId, signature: null, ton: null, details: opened.details, send };
      }
      default:
        return { ...toSignature(await this.signing.sign(caller, { ...opened, kind })), send: null };
    }
  }

  private readerOf(wanted: WantedAct): ReadsAct {
    const { kind } = wanted;
    switch (kind) {
      case 'send':
        return async (own) => (await this.plans.plan({ own, wanted, maxFee: null })).read;
      case 'speed-up':
      case 'cancel':
        return async (own) => (await this.plans.replacement({ own, wanted, maxFee: null }, kind)).read;
      case 'export':
      case 'unfreeze':
      case 'bind':
        throw new Error('nothing is signed');
      default:
        return (own, settings, issuedAt) => this.reading.read(own, { ...wanted, kind }, settings, issuedAt);
    }
  }

  private async shown(opened: OpenedAct): Promise<ActResponse> {
    return toAct(opened, await this.acts.stateOf(opened.act));
  }
}
