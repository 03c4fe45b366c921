import { Injectable } from '@nestjs/common';
import {
  Chains,
  chainUnavailable,
  FinalBlocks,
  Receipts,
  tooFewNodes,
  type Chain,
  type Receipt,
} from '@countersign/chains';
import { SendEstimates } from '@countersign/embedded-wallets';
import {
  isOn,
  NodeAmounts,
  TokenUnits,
  toShownAddress,
  walletReadingError,
  type Amounts,
  type AskedAsset,
  type TokenUnit,
} from '@countersign/wallet-reading';
import type {
  XellarBalanceResponse,
  XellarEstimateResponse,
  XellarTokenBalance,
  XellarTokenRequest,
  XellarTokensRequest,
  XellarTokensResponse,
  XellarTransactionDetailRequest,
  XellarTransactionDetailResponse,
} from '../dto/reading.dto';
import type { XellarEstimateRequest } from '../dto/sending.dto';
import type { XellarNetworkRequest } from '../dto/signing.dto';
import { chainOf } from '../protocol/networks';
import { toSendRequest } from '../protocol/send-request';
import { XellarUnits } from './xellar-sends.service';
import { toWhole } from '../protocol/units';
import { SessionAnswers, type XellarWallet } from '../tokens/session-answers';
import { XellarTokens } from '../tokens/xellar-tokens';
import type { XellarCaller } from '../tokens/token.guards';
import { xellarError } from '../xellar.errors';

interface Asked {
  readonly chain: Chain;
  readonly wallet: XellarWallet;
}

const COIN: AskedAsset = { standard: 'native', contract: null, tokenId: null };

/** Reads balances and transactions, as two nodes report them. Each call consumes its token before it asks a node. */
@Injectable()
export class XellarReads {
  constructor(
    private readonly chains: Chains,
    private readonly blocks: FinalBlocks,
    private readonly amounts: NodeAmounts,
    private readonly units: TokenUnits,
    private readonly receipts: Receipts,
    private readonly estimates: SendEstimates,
    private readonly sendUnits: XellarUnits,
    private readonly answers: SessionAnswers,
    private readonly walletTokens: XellarTokens,
  ) {}

  async coin(caller: XellarCaller, network: XellarNetworkRequest): Promise<XellarBalanceResponse> {
    const asked = await this.begin(caller, network);
    const { currency } = asked.chain;
    const block = await this.blocks.of(asked.chain, 'latest');
    const [amount] = await this.amounts.atBlock(
      asked.chain,
      asked.wallet.address.toLowerCase(),
      [COIN],
      block,
    );
    const { balance, reason, verification } = toBalance(currency, amount);
    if (balance === null || reason !== null) throw unavailable();
    return { balance, symbol: currency.symbol, address: asked.wallet.address, verification };
  }

  async token(
    caller: XellarCaller,
    { tokenAddress, ...network }: XellarTokenRequest,
  ): Promise<XellarBalanceResponse> {
    const { address, tokens } = await this.tokens(caller, { ...network, tokenAddresses: [tokenAddress] });
    const [{ balance, symbol, reason, verification } = UNKNOWN] = tokens;
    if (reason === 'no_token') throw xellarError('xellar.token_unknown');
    if (balance === null) throw unavailable();
    return { balance, symbol, address, verification };
  }

  async tokens(
    caller: XellarCaller,
    { tokenAddresses, ...network }: XellarTokensRequest,
  ): Promise<XellarTokensResponse> {
    const asked = await this.begin(caller, network);
    const contracts = tokenAddresses.map((contract) => contract.toLowerCase());
    const block = await this.blocks.of(asked.chain, 'latest');
    const assets = contracts.map((contract): AskedAsset => ({ ...COIN, standard: 'erc20', contract }));
    const [amounts, units] = await Promise.all([
      this.amounts.atBlock(asked.chain, asked.wallet.address.toLowerCase(), assets, block),
      typeof block === 'string' ? [] : this.units.of(asked.chain, contracts, block),
    ]);
    return {
      address: asked.wallet.address,
      tokens: contracts.map((_, index) => toBalance(units[index] ?? null, amounts[index])),
    };
  }

  async transaction(
    caller: XellarCaller,
    { transactionHash, ...network }: XellarTransactionDetailRequest,
  ): Promise<XellarTransactionDetailResponse> {
    const { chain } = await this.begin(caller, network);
    const receipt = await this.receipts.of(chain, transactionHash.toLowerCase());
    if (receipt === null) throw xellarError('xellar.transaction_not_found');
    if (typeof receipt === 'string') throw unavailable();
    return { transactionDetail: toTransactionDetail(receipt) };
  }

  async estimate(caller: XellarCaller, wanted: XellarEstimateRequest): Promise<XellarEstimateResponse> {
    const { chain, wallet } = await this.begin(caller, wanted);
    const request = toSendRequest(wanted, await this.sendUnits.of(chain.id, wanted));
    const { gas, fees } = await this.estimates.of(caller.principal, wallet.walletId, {
      chainId: chain.id,
      request,
    });
    const price = 'gasPrice' in fees ? fees.gasPrice : fees.maxFeePerGas;
    const tip = 'gasPrice' in fees ? null : fees.maxPriorityFeePerGas;
    return {
      estimateGas: {
        gasLimit: gas.toString(),
        gasPrice: price.toString(),
        maxFeePerGas: tip === null ? null : price.toString(),
        maxPriorityFeePerGas: tip?.toString() ?? null,
      },
    };
  }

  private async begin(caller: XellarCaller, network: XellarNetworkRequest): Promise<Asked> {
    const chain = this.chains.find(chainOf(network));
    const wallet = await this.answers.usableWalletOf(caller.principal);
    const { environment } = wallet;
    const isRead =
      chain?.kind === 'evm' && chain.mayNameAddresses && isOn(chain, { environment, chainId: null });
    if (!isRead) throw walletReadingError('wallet.chain_not_followed');
    await this.walletTokens.useAlone(caller.token);
    return { chain, wallet };
  }
}

const UNKNOWN: XellarTokenBalance = {
  balance: null,
  symbol: null,
  decimals: null,
  reason: 'away',
  verification: 'none',
};

function toBalance(unit: TokenUnit | null, amounts: Amounts | undefined): XellarTokenBalance {
  const { amount = null, reason = null, verification = 'none' } = amounts ?? {};
  if (!unit) return { ...UNKNOWN, reason: reason === 'differ' ? 'differ' : 'away' };
  const { symbol, decimals } = unit;
  if (decimals === null) return { ...UNKNOWN, symbol, reason: 'no_token' };
  if (amount === null)
    return { ...UNKNOWN, symbol, decimals, reason: reason === 'differ' ? 'differ' : 'away' };
  return { balance: toWhole(amount, decimals), symbol, decimals, reason: null, verification };
}

/** Writes a receipt as the clients' library does. */
function toTransactionDetail({ isSuccessful, logs, ...receipt }: Receipt): object {
  const { blockHash, blockNumber, hash, index } = receipt;
  const position = { blockHash, blockNumber, transactionHash: hash, transactionIndex: index };
  return {
    _type: 'TransactionReceipt',
    ...receipt,
    contractAddress: toShownAddress(receipt.contractAddress),
    from: toShownAddress(receipt.from),
    to: toShownAddress(receipt.to),
    logs: logs.map((log) => ({ _type: 'log', ...position, ...log, address: toShownAddress(log.address) })),
    status: isSuccessful === null ? null : Number(isSuccessful),
  };
}

function unavailable(): Error {
  return chainUnavailable(tooFewNodes());
}
