import { Injectable } from '@nestjs/common';
import { EvmSending, type Chain, type EvmChainSending } from '@countersign/chains';
import { sendReadingError, sendRefusal } from '@countersign/embedded-wallets';
import {
  feesFrom,
  gasLimitFrom,
  greatestFee,
  readBroadcastAnswer,
  readFeeHistory,
  type Fees,
  type NodeFees,
  type SendCall,
  type SendResult,
} from '@countersign/sends';

/** What a transaction costs, by two nodes and within the caps of the chain. */
export interface Quote {
  readonly gas: bigint;
  readonly fees: Fees;
  /** The most that it costs beside its value, in the smallest unit of the coin. */
  readonly maxFee: bigint;
}

const RETRY_AFTER_SECONDS = 5;

/** Asks two nodes what a transaction costs. */
@Injectable()
export class Quotes {
  constructor(private readonly port: EvmSending) {}

  /**
   * @param caps those of the chain, or lower ones of the act
   * @throws AppError send.would_fail, send.funds_too_low, send.gas_unknown, send.gas_above_cap, and as `fees`
   */
  async of(chain: Chain, from: string, call: SendCall, caps: EvmChainSending): Promise<Quote> {
    const [gas, nodeFees] = await Promise.all([this.gas(chain, from, call, caps), this.nodeFees(chain)]);
    const fees = accept(feesFrom(nodeFees, gas, caps));
    return { gas, fees, maxFee: greatestFee(gas, fees) };
  }

  /** @throws AppError send.fees_unknown, send.fee_above_cap */
  async fees(chain: Chain, gas: bigint, caps: EvmChainSending): Promise<Fees> {
    return accept(feesFrom(await this.nodeFees(chain), gas, caps));
  }

  /** @throws AppError as `of` says of gas */
  async gas(chain: Chain, from: string, call: SendCall, caps: EvmChainSending): Promise<bigint> {
    const estimates = await this.port.estimates(chain, { from, ...call });
    const refusals = estimates.flatMap((estimate) => ('refusal' in estimate ? [estimate.refusal] : []));
    if (refusals.length >= 2) {
      const hasFunds = refusals.every((error) => readBroadcastAnswer({ error }, '0x') !== 'refused-funds');
      throw sendReadingError(hasFunds ? 'send.would_fail' : 'send.funds_too_low');
    }
    const gas = estimates.flatMap((estimate) => ('gas' in estimate ? [estimate.gas] : []));
    return accept(gasLimitFrom(gas, caps));
  }

  /** @throws AppError send.funds_too_low where two nodes do not say that the wallet has the coins */
  async assertFunds(chain: Chain, from: string, needed: bigint): Promise<void> {
    const balances = await this.port.balances(chain, from);
    if (balances.filter((balance) => balance >= needed).length < 2)
      throw balances.length < 2 ? accept(UNKNOWN) : sendReadingError('send.funds_too_low');
  }

  private async nodeFees(chain: Chain): Promise<readonly NodeFees[]> {
    const reports = await this.port.fees(chain);
    return reports.flatMap(({ hasBaseFee, history, gasPrice }): readonly NodeFees[] => {
      if (!hasBaseFee) return gasPrice === null ? [] : [{ hasBaseFee, gasPrice }];
      const read = readFeeHistory(history);
      return read ? [{ hasBaseFee, history: read }] : [];
    });
  }
}

const UNKNOWN: SendResult<never> = { ok: false, code: 'send.fees_unknown' };

/** @throws AppError for what is refused */
export function accept<T>(result: SendResult<T>): T {
  if (result.ok) return result.value;
  const { code, detail } = result;
  throw sendRefusal(code, {
    ...(detail === undefined ? {} : { detail }),
    ...(code.endsWith('_unknown') ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {}),
  });
}
