import { Injectable } from '@nestjs/common';
import { ForeignSends, type SentTransaction } from '@countersign/sending';
import type {
  XellarCancelledResponse,
  XellarCancelRequest,
  XellarEstimateRequest,
  XellarSentResponse,
} from '../dto/sending.dto';
import { chainOf } from '../protocol/networks';
import { toSendRequest } from '../protocol/send-request';
import { SessionAnswers } from '../tokens/session-answers';
import { XellarTokens } from '../tokens/xellar-tokens';
import type { XellarCaller } from '../tokens/token.guards';
import { XellarUnits } from './xellar-units';

/** Sends by those of embedded wallets, with all their rules. */
@Injectable()
export class XellarSends {
  constructor(
    private readonly sends: ForeignSends,
    private readonly units: XellarUnits,
    private readonly answers: SessionAnswers,
    private readonly tokens: XellarTokens,
  ) {}

  /**
   * The token is used up in the transaction that stores the send, so that of parallel calls with one token only one sends.
   * @throws AppError xellar.*, and as `ForeignSends.send`
   */
  async send(caller: XellarCaller, wanted: XellarEstimateRequest): Promise<XellarSentResponse> {
    const { principal, token } = caller;
    const chainId = chainOf(wanted);
    await this.tokens.assertUnused(token);
    const { walletId } = await this.answers.usableWalletOf(caller);
    const request = toSendRequest(wanted, await this.units.of(chainId, wanted));
    const call = { chainId, request };
    return {
      txReceipt: toReceipt(await this.sends.send(this.tokens.foreign(token), principal, walletId, call)),
    };
  }

  /** The token is used up in the transaction that stores what is signed. @throws AppError xellar.*, and as `ForeignSends.cancel` */
  async cancel(
    caller: XellarCaller,
    { nonce, ...network }: XellarCancelRequest,
  ): Promise<XellarCancelledResponse> {
    const { principal, token } = caller;
    const chainId = chainOf(network);
    await this.tokens.assertUnused(token);
    const { walletId } = await this.answers.usableWalletOf(caller);
    const call = { chainId, nonce };
    const { hash } = await this.sends.cancel(this.tokens.foreign(token), principal, walletId, call);
    return { hash };
  }
}

/** As the library behind the clients writes a transaction that it has sent. */
function toReceipt({ signature, ...transaction }: SentTransaction): object {
  const { gas, value, chainId, ...rest } = transaction;
  return {
    _type: 'TransactionReceipt',
    ...rest,
    ...{ blockNumber: null, blockHash: null, accessList: [] },
    ...{ chainId: String(chainId), gasLimit: gas.toString(), value: value.toString() },
    gasPrice: rest.gasPrice?.toString() ?? null,
    maxFeePerGas: rest.maxFeePerGas?.toString() ?? null,
    maxPriorityFeePerGas: rest.maxPriorityFeePerGas?.toString() ?? null,
    signature: { _type: 'signature', network: String(chainId), ...signature },
  };
}
