import { Body, Post } from '@nestjs/common';
import { ApiController, readKnown } from '@countersign/http';
import {
  XellarMessageRequest,
  XellarSignatureResponse,
  XellarSignedTransactionResponse,
  XellarTransactionRequest,
  XellarTypedDataRequest,
} from '../dto/signing.dto';
import { VERSION_PATHS, enveloped, type Answer, WalletRoute } from '../protocol/xellar-route';
import { CallerOf, type XellarCaller } from '../tokens/token.guards';
import { XellarSigning } from './xellar-signing.service';

@ApiController(VERSION_PATHS.map((path) => `${path}/wallet`), 'Signing')
export class XellarSigningController {
  constructor(private readonly signing: XellarSigning) {}

  /** The client 3.6 calls it for typed data and transactions too, without a message. */
  @Post('sign-message')
  @WalletRoute('xellarSignMessage', 'Sign a text', XellarSignatureResponse, XellarMessageRequest)
  async message(
    @CallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Answer<XellarSignatureResponse | XellarSignedTransactionResponse> {
    const { message, transaction, data } = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (message === undefined && transaction !== undefined) return this.transaction(caller, body);
    if (message === undefined && data !== undefined) return this.typedData(caller, body);
    const read = readKnown(XellarMessageRequest, body);
    return enveloped('Sign Message is successfully', await this.signing.message(caller, read));
  }

  @Post('sign-typed-data')
  @WalletRoute('xellarSignTypedData', 'Sign typed data', XellarSignatureResponse, XellarTypedDataRequest)
  async typedData(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSignatureResponse> {
    const read = readKnown(XellarTypedDataRequest, body);
    return enveloped('Sign Typed Data is successfully', await this.signing.typedData(caller, read));
  }

  @Post('sign-transaction')
  @WalletRoute(
    'xellarSignTransaction',
    'Sign a transaction without sending it',
    XellarSignedTransactionResponse,
    XellarTransactionRequest,
  )
  async transaction(
    @CallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Answer<XellarSignedTransactionResponse> {
    const read = readKnown(XellarTransactionRequest, body);
    return enveloped('Sign Transaction is successfully', await this.signing.transaction(caller, read));
  }
}
