import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OwnSends, Sending, type SentTransaction } from '@countersign/sending';
import type { XellarEstimateRequest, XellarSentResponse } from '../dto/sending.dto';
import { chainOf } from '../protocol/networks';
import { toSendRequest } from '../protocol/send-request';
import { SessionAnswers } from '../tokens/session-answers';
import { UsedTokens } from '../tokens/used-tokens';
import type { XellarCaller } from '../tokens/xellar-sessions';
import { XellarUnits } from './xellar-units';

/** Sends by those of embedded wallets, with all their limits and the daily amount of compatible APIs. */
@Injectable()
export class XellarSends {
  constructor(
    private readonly sending: Sending,
    private readonly sends: OwnSends,
    private readonly units: XellarUnits,
    private readonly answers: SessionAnswers,
    private readonly used: UsedTokens,
  ) {}

  /**
   * The token is the key of the send, so that of parallel calls with one token only one sends. It is used up in the transaction that
   * stores the send.
   * @throws AppError xellar.*, and as `Sending.sendBy`
   */
  async send({ principal, token }: XellarCaller, wanted: XellarEstimateRequest): Promise<XellarSentResponse> {
    const chainId = chainOf(wanted);
    await this.used.assertUnused(token);
    const { walletId } = await this.answers.usableWalletOf(principal);
    const request = toSendRequest(wanted, await this.units.of(chainId, wanted));
    const { tokenId: id, expiresAt } = token;
    const foreign = { id, expiresAt, spend: (tx: EntityManager) => this.used.use(tx, token) };
    const sendId = await this.sending.sendBy(foreign, principal, walletId, { key: id, chainId, request });
    return { txReceipt: toReceipt(await this.sends.transaction(principal, walletId, sendId)) };
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
