import { Body, Controller, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { readKnown } from '@countersign/http';
import {
  XellarMessageRequest,
  XellarSignatureResponse,
  XellarSignedTransactionResponse,
  XellarTransactionRequest,
  XellarTypedDataRequest,
} from '../dto/signing.dto';
import { VERSION_PATHS } from '../protocol/api-version';
import { enveloped, type Envelope } from '../protocol/envelope';
import { XellarRoute } from '../protocol/xellar-route';
import { XellarCallerOf } from '../tokens/token.guards';
import type { XellarCaller } from '../tokens/xellar-sessions';
import { xellarError } from '../xellar.errors';
import { XellarSigning } from './xellar-signing.service';

@Controller(VERSION_PATHS.map((path) => `${path}/wallet`))
@ApiTags('Signing')
export class XellarSigningController {
  constructor(private readonly signing: XellarSigning) {}

  /** The client 3.6 calls it for typed data and transactions too, without a message. */
  @Post('sign-message')
  @ApiBody({ type: XellarMessageRequest })
  @XellarRoute({ operationId: 'xellarSignMessage', summary: 'Sign a text' }, XellarSignatureResponse, {
    by: 'wallet',
  })
  async message(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSignatureResponse | XellarSignedTransactionResponse>> {
    const { message, transaction, data } = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (message === undefined && transaction !== undefined) return this.transaction(caller, body);
    if (message === undefined && data !== undefined) return this.typedData(caller, body);
    const read = readKnown(XellarMessageRequest, body);
    return enveloped('Sign Message is successfully', await this.signing.message(caller, read));
  }

  @Post('sign-typed-data')
  @ApiBody({ type: XellarTypedDataRequest })
  @XellarRoute({ operationId: 'xellarSignTypedData', summary: 'Sign typed data' }, XellarSignatureResponse, {
    by: 'wallet',
  })
  async typedData(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSignatureResponse>> {
    const read = readKnown(XellarTypedDataRequest, body);
    return enveloped('Sign Typed Data is successfully', await this.signing.typedData(caller, read));
  }

  @Post('sign-transaction')
  @ApiBody({ type: XellarTransactionRequest })
  @XellarRoute(
    { operationId: 'xellarSignTransaction', summary: 'Sign a transaction without sending it' },
    XellarSignedTransactionResponse,
    { by: 'wallet' },
  )
  async transaction(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSignedTransactionResponse>> {
    const read = readKnown(XellarTransactionRequest, body);
    return enveloped('Sign Transaction is successfully', await this.signing.transaction(caller, read));
  }

  @Post('sign-hash')
  @XellarRoute({ operationId: 'xellarSignHash', summary: 'Always refused' }, XellarSignatureResponse, {
    by: 'wallet',
  })
  hash(): never {
    throw xellarError('xellar.hash_refused');
  }

  @Post('sign-authorization')
  @XellarRoute(
    { operationId: 'xellarSignAuthorization', summary: 'Always refused' },
    XellarSignatureResponse,
    {
      by: 'wallet',
    },
  )
  authorization(): never {
    throw xellarError('xellar.authorization_refused');
  }
}
