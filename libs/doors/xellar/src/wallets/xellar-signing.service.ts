import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { WalletSigning } from '@countersign/embedded-wallets';
import { parseJsonBody } from '@countersign/http';
import { signedTransactionOf } from '@countersign/wallet-acts';
import type {
  XellarMessageRequest,
  XellarSignatureResponse,
  XellarSignedTransactionResponse,
  XellarTransactionRequest,
  XellarTypedDataRequest,
} from '../dto/signing.dto';
import { chainOf, type NamedNetwork } from '../protocol/networks';
import { SessionAnswers } from '../tokens/session-answers';
import { UsedTokens } from '../tokens/used-tokens';
import type { XellarCaller } from '../tokens/xellar-sessions';

type Wanted = Parameters<WalletSigning['signBy']>[3];
type Signed = Awaited<ReturnType<WalletSigning['signBy']>>;

/** Signs by the acts of embedded wallets, with all their rules. */
@Injectable()
export class XellarSigning {
  constructor(
    private readonly signing: WalletSigning,
    private readonly answers: SessionAnswers,
    private readonly used: UsedTokens,
  ) {}

  /** @throws AppError as `act` */
  async message(
    caller: XellarCaller,
    { message, ...network }: XellarMessageRequest,
  ): Promise<XellarSignatureResponse> {
    const request = { message, encoding: 'text' };
    return toSignature(await this.act(caller, network, { act: 'sign-message', request }));
  }

  /** @throws AppError request.malformed_json, and as `act` */
  async typedData(
    caller: XellarCaller,
    { data, ...network }: XellarTypedDataRequest,
  ): Promise<XellarSignatureResponse> {
    const request = { typedData: parseJsonBody(Buffer.from(data)) };
    return toSignature(await this.act(caller, network, { act: 'sign-typed-data', request }));
  }

  /** @throws AppError as `act` */
  async transaction(
    caller: XellarCaller,
    { transaction: { gasLimit, ...rest }, ...network }: XellarTransactionRequest,
  ): Promise<XellarSignedTransactionResponse> {
    const transaction = gasLimit === undefined ? rest : { ...rest, gas: gasLimit };
    const request = { transaction };
    const { payload, signature } = await this.act(caller, network, { act: 'sign-transaction', request });
    return { signedTransaction: signedTransactionOf(payload, signature) };
  }

  /** The token is used up in the transaction that records the act. @throws AppError xellar.*, and as `WalletSigning.signBy` */
  private async act(
    { principal, token }: XellarCaller,
    network: NamedNetwork,
    wanted: Omit<Wanted, 'chainId'>,
  ): Promise<Signed> {
    const chainId = chainOf(network);
    const { walletId } = await this.answers.usableWalletOf(principal);
    const { tokenId: id, expiresAt } = token;
    const foreign = { id, expiresAt, spend: (tx: EntityManager) => this.used.use(tx, token) };
    return this.signing.signBy(foreign, principal, walletId, { ...wanted, chainId });
  }
}

function toSignature({ signature }: Signed): XellarSignatureResponse {
  return { signature: `0x${signature.toString('hex')}` };
}
