import { Injectable } from '@nestjs/common';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import type { ReplacementKind } from '@countersign/embedded-wallets';
import { cancellingCall } from '@countersign/sends';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { capsOf, EvmSends } from '../evm/evm-sends';
import { Quotes } from '../evm/quotes';
import { readTransaction } from '../evm/read-transaction';
import type { PlaceableSend, SendPlan } from '../send-plans';
import type { StoredSend } from '../store/stored-sends';

/** Further versions of transactions that wait: the same with higher fees, or one that moves nothing. */
@Injectable()
export class EvmReplacements {
  constructor(
    private readonly quotes: Quotes,
    private readonly evm: EvmSends,
  ) {}

  /** @throws AppError as `Quotes.replacing` and `EvmSends.planOf` */
  async plan(
    request: PlaceableSend,
    { send, versions }: StoredSend,
    kind: ReplacementKind,
  ): Promise<SendPlan> {
    const { own, chain, maxFee } = request;
    const caps = capsOf(request);
    const previous = readTransaction(versions.at(-1)?.raw ?? '');
    const call = kind === 'cancel' ? cancellingCall(own.address as EvmAddress) : previous.call;
    const gas = kind === 'cancel' ? await this.quotes.gas(chain, own.address, call, caps) : previous.gas;
    const quote = await this.quotes.replacing(previous.fees, chain, { call, gas }, caps);
    const digest = sha256(
      lengthPrefixed([
        ...['countersign wallet replacement', chain.id, own.address, kind, send.id],
        ...[String(versions.length), String(maxFee ?? quote.maxFee)],
      ]),
    );
    return this.evm.planOf(request, { call, ...quote }, digest, previous.nonce);
  }
}
