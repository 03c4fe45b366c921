import { Injectable } from '@nestjs/common';
import { EvmSending, type Chain, type EvmChainSending } from '@countersign/chains';
import {
  feesFrom,
  gasLimitFrom,
  greatestFee,
  layer1FeeCall,
  layer1FeeFrom,
  NODES_NEEDED,
  readFeeHistory,
  replacementFees,
  type Fees,
  type NodeFees,
  type SendCall,
} from '@countersign/wallet-acts';
import { accept, sendError } from '../sending.errors';

/** The cost of a transaction by two nodes, within the chain's limits. */
export interface Quote {
  readonly gas: bigint;
  readonly fees: Fees;
  /** The highest fee for layer 1 on a chain of the OP stack; 0 on other chains. */
  readonly layer1: bigint;
  /** The highest cost beside the value, with `layer1`, in the coin's smallest unit. */
  readonly maxFee: bigint;
}

export interface PricedCall extends Quote {
  readonly call: SendCall;
}

const NO_FUNDS =
  /\binsufficient ?(?:funds|balance)\b|\bupfront cost exceeds account balance\b|\bnot (?:have )?enough (?:balance|funds)\b/i;

@Injectable()
export class Quotes {
  constructor(private readonly port: EvmSending) {}

  /** @param caps the chain's limits, or the act's lower limits */
  async of(chain: Chain, from: string, call: SendCall, caps: EvmChainSending): Promise<Quote> {
    const [gas, nodeFees, layer1] = await Promise.all([
      this.gas(chain, from, call, caps),
      this.nodeFees(chain),
      this.layer1(chain, call, caps),
    ]);
    const fees = accept(feesFrom(nodeFees, gas, without(caps, layer1)));
    return quoteOf(gas, fees, layer1);
  }

  /** The fees are higher than those of the transaction with the same nonce. */
  async replacing(
    previous: Fees,
    chain: Chain,
    { call, gas }: { readonly call: SendCall; readonly gas: bigint },
    caps: EvmChainSending,
  ): Promise<Quote> {
    const [nodeFees, layer1] = await Promise.all([this.nodeFees(chain), this.layer1(chain, call, caps)]);
    const left = without(caps, layer1);
    const fresh = accept(feesFrom(nodeFees, gas, left));
    return quoteOf(gas, accept(replacementFees(previous, fresh, gas, left)), layer1);
  }

  async gas(chain: Chain, from: string, call: SendCall, caps: EvmChainSending): Promise<bigint> {
    const estimates = await this.port.estimates(chain, { from, ...call });
    const refusals = estimates.flatMap((estimate) => ('refusal' in estimate ? [estimate.refusal] : []));
    if (refusals.length >= NODES_NEEDED)
      throw sendError(
        refusals.some((words) => NO_FUNDS.test(words)) ? 'send.funds_too_low' : 'send.would_fail',
      );
    const gas = estimates.flatMap((estimate) => ('gas' in estimate ? [estimate.gas] : []));
    return accept(gasLimitFrom(gas, caps));
  }

  private async layer1(chain: Chain, call: SendCall, caps: EvmChainSending): Promise<bigint> {
    if (!caps.isOpStack) return 0n;
    const asked = layer1FeeCall(chain.reference, call, caps);
    return accept(layer1FeeFrom(await this.port.layer1Fees(chain, asked), caps));
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

function quoteOf(gas: bigint, fees: Fees, layer1: bigint): Quote {
  return { gas, fees, layer1, maxFee: greatestFee(gas, fees) + layer1 };
}

function without(caps: EvmChainSending, layer1: bigint): EvmChainSending {
  return { ...caps, maxFee: caps.maxFee - layer1 };
}
