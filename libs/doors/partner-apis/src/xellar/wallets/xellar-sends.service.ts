import { Injectable } from '@nestjs/common';
import { Chains, chainUnavailable, FinalBlocks, tooFewNodes } from '@countersign/chains';
import { CompatSends, type SentTransaction } from '@countersign/embedded-wallets';
import { TokenUnits, walletReadingError } from '@countersign/wallet-reading';
import type {
  XellarCancelledResponse,
  XellarCancelRequest,
  XellarEstimateRequest,
  XellarSentResponse,
} from '../dto/sending.dto';
import type { XellarNetworkRequest } from '../dto/signing.dto';
import { chainOf } from '../protocol/networks';
import { toSendRequest, type Units } from '../protocol/send-request';
import { SessionAnswers } from '../tokens/session-answers';
import { XellarTokens } from '../tokens/xellar-tokens';
import type { XellarCaller } from '../tokens/token.guards';
import { xellarError } from '../xellar.errors';

/** Finds the decimals of coins and tokens, because calls state amounts in whole units. */
@Injectable()
export class XellarUnits {
  constructor(
    private readonly chains: Chains,
    private readonly blocks: FinalBlocks,
    private readonly tokens: TokenUnits,
  ) {}

  /** The decimals of an ERC-20 token come from the operator's list, or from its contract if two nodes agree. */
  async of(chainId: string, { type, tokenAddress = '' }: XellarEstimateRequest): Promise<Units> {
    const chain = this.chains.find(chainId);
    if (chain?.kind !== 'evm') throw walletReadingError('wallet.chain_not_followed');
    const coin = chain.currency.decimals;
    if (type !== 'send-token') return { coin, token: null };
    if (!/^0x[0-9a-f]{40}$/i.test(tokenAddress)) throw xellarError('xellar.token_unknown');
    const block = await this.blocks.of(chain, 'latest');
    const [unit] =
      typeof block === 'string' ? [] : await this.tokens.of(chain, [tokenAddress.toLowerCase()], block);
    if (!unit) throw chainUnavailable(tooFewNodes());
    if (unit.decimals === null) throw xellarError('xellar.token_unknown');
    return { coin, token: unit.decimals };
  }
}

@Injectable()
export class XellarSends {
  constructor(
    private readonly sends: CompatSends,
    private readonly units: XellarUnits,
    private readonly answers: SessionAnswers,
    private readonly tokens: XellarTokens,
  ) {}

  /** The transaction that stores the send consumes the token, so parallel calls send once. */
  async send(caller: XellarCaller, wanted: XellarEstimateRequest): Promise<XellarSentResponse> {
    const { principal, token } = caller;
    const { chainId, walletId } = await this.begin(caller, wanted);
    const request = toSendRequest(wanted, await this.units.of(chainId, wanted));
    const call = { chainId, request };
    const sent = await this.sends.send(this.tokens.compat(token), principal, walletId, call);
    return { txReceipt: toReceipt(sent) };
  }

  async cancel(
    caller: XellarCaller,
    { nonce, ...network }: XellarCancelRequest,
  ): Promise<XellarCancelledResponse> {
    const { principal, token } = caller;
    const { chainId, walletId } = await this.begin(caller, network);
    const call = { chainId, nonce };
    const { hash } = await this.sends.cancel(this.tokens.compat(token), principal, walletId, call);
    return { hash };
  }

  private async begin({ principal, token }: XellarCaller, network: XellarNetworkRequest) {
    const chainId = chainOf(network);
    await this.tokens.assertUnused(token);
    const { walletId } = await this.answers.usableWalletOf(principal);
    return { chainId, walletId };
  }
}

/** Writes a sent transaction as the clients' library does. */
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
