import { Injectable } from '@nestjs/common';
import { CompatSigning, SendEstimates } from '@countersign/embedded-wallets';
import { parseJsonBody } from '@countersign/http';
import { signedTransaction } from '@countersign/wallet-acts';
import type {
  XellarMessageRequest,
  XellarNetworkRequest,
  XellarSignatureResponse,
  XellarSignedTransactionResponse,
  XellarTransactionRequest,
  XellarTypedDataRequest,
} from '../dto/signing.dto';
import { chainOf } from '../protocol/networks';
import { toCall } from '../protocol/send-request';
import { SessionAnswers } from '../tokens/session-answers';
import { XellarTokens } from '../tokens/xellar-tokens';
import type { XellarCaller } from '../tokens/token.guards';

type Wanted = Parameters<CompatSigning['sign']>[3];
type Signed = Awaited<ReturnType<CompatSigning['sign']>>;

@Injectable()
export class XellarSigning {
  constructor(
    private readonly signing: CompatSigning,
    private readonly answers: SessionAnswers,
    private readonly tokens: XellarTokens,
    private readonly estimates: SendEstimates,
  ) {}

  async message(
    caller: XellarCaller,
    { message, ...network }: XellarMessageRequest,
  ): Promise<XellarSignatureResponse> {
    const request = { message, encoding: 'text' };
    return toSignature(await this.act(caller, network, { kind: 'sign-message', request }));
  }

  async typedData(
    caller: XellarCaller,
    { data, ...network }: XellarTypedDataRequest,
  ): Promise<XellarSignatureResponse> {
    const request = { typedData: parseJsonBody(Buffer.from(data)) };
    return toSignature(await this.act(caller, network, { kind: 'sign-typed-data', request }));
  }

  async transaction(
    caller: XellarCaller,
    { transaction: wanted, ...network }: XellarTransactionRequest,
  ): Promise<XellarSignedTransactionResponse> {
    const { gasLimit, ...transaction } = await this.filled(caller, chainOf(network), wanted);
    const request = { transaction: gasLimit === undefined ? transaction : { ...transaction, gas: gasLimit } };
    const { payload, signature } = await this.act(caller, network, { kind: 'sign-transaction', request });
    return { signedTransaction: `0x${signedTransaction(payload, signature).toString('hex')}` };
  }

  /** Adds a missing nonce, gas limit and fee. */
  private async filled(
    caller: XellarCaller,
    chainId: string,
    transaction: XellarTransactionRequest['transaction'],
  ): Promise<XellarTransactionRequest['transaction']> {
    const { principal } = caller;
    const { walletId } = await this.answers.usableWalletOf(principal);
    const call = toCall(transaction);
    // The signing service refuses it later, so no node is asked.
    if (call === null) return transaction;
    const { nonce, gasLimit, gasPrice, maxFeePerGas } = transaction;
    const [next, quote] = await Promise.all([
      nonce === undefined ? this.estimates.nextNonce(principal, walletId, chainId) : null,
      gasLimit === undefined || (gasPrice ?? maxFeePerGas) === undefined
        ? this.estimates.ofCall(principal, walletId, chainId, call)
        : null,
    ]);
    const { gas, fees } = quote ?? {};
    return {
      ...(next === null ? {} : { nonce: next }),
      ...(gas === undefined ? {} : { gasLimit: gas.toString() }),
      ...((gasPrice ?? maxFeePerGas) === undefined && fees ? textOf(fees) : {}),
      ...transaction,
    };
  }

  private async act(
    caller: XellarCaller,
    network: XellarNetworkRequest,
    wanted: Omit<Wanted, 'chainId'>,
  ): Promise<Signed> {
    const { principal, token } = caller;
    const chainId = chainOf(network);
    const { walletId } = await this.answers.usableWalletOf(principal);
    return this.signing.sign(this.tokens.compat(token), principal, walletId, { ...wanted, chainId });
  }
}

function toSignature({ signature }: Signed): XellarSignatureResponse {
  return { signature: `0x${signature.toString('hex')}` };
}

function textOf(fees: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fees).map(([name, amount]) => [name, String(amount)]));
}
