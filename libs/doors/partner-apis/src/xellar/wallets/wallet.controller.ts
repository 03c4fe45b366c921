import { Body, Get, Post } from '@nestjs/common';
import { ApiController, readKnown } from '@countersign/http';
import { XellarAddressResponse } from '../dto/account.dto';
import {
  XellarBalanceResponse,
  XellarEstimateResponse,
  XellarTokenRequest,
  XellarTokensRequest,
  XellarTokensResponse,
  XellarTransactionDetailRequest,
  XellarTransactionDetailResponse,
} from '../dto/reading.dto';
import {
  XellarCancelledResponse,
  XellarCancelRequest,
  XellarEstimateRequest,
  XellarSendRequest,
  XellarSentResponse,
} from '../dto/sending.dto';
import {
  XellarMessageRequest,
  XellarNetworkRequest,
  XellarSignatureResponse,
  XellarSignedTransactionResponse,
  XellarTransactionRequest,
  XellarTypedDataRequest,
} from '../dto/signing.dto';
import {
  type Answer,
  ApiVersion,
  enveloped,
  WalletRoute,
  XellarRoute,
  type XellarVersion,
} from '../protocol/xellar-route';
import { CallerOf, type XellarCaller } from '../tokens/token.guards';
import { XellarAccounts } from './xellar-accounts.service';
import { XellarReads } from './xellar-reads.service';
import { XellarSends } from './xellar-sends.service';
import { XellarSigning } from './xellar-signing.service';

@ApiController(['api/v1/wallet', 'api/v2/wallet'], 'Wallet')
export class XellarWalletController {
  constructor(
    private readonly accounts: XellarAccounts,
    private readonly reads: XellarReads,
    private readonly signing: XellarSigning,
    private readonly sends: XellarSends,
  ) {}

  @Get('address')
  @XellarRoute('address', 'xellarAddress', 'Get the address', XellarAddressResponse)
  async address(
    @CallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
  ): Answer<XellarAddressResponse> {
    const answer = await this.accounts.address(caller, version);
    return enveloped('Get Address executed successfully', answer);
  }

  @Post('address')
  @XellarRoute('addressOfClient', 'xellarPostAddress', 'Get the address', XellarAddressResponse)
  async postAddress(
    @CallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
  ): Answer<XellarAddressResponse> {
    return this.address(caller, version);
  }

  @Post('balance-coin')
  @WalletRoute('xellarBalanceCoin', 'Get the coins', XellarBalanceResponse, XellarNetworkRequest)
  async coinBalance(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarBalanceResponse> {
    const read = readKnown(XellarNetworkRequest, body);
    return enveloped('Check Coin Balance is successfully', await this.reads.coin(caller, read));
  }

  @Post('balance-token')
  @WalletRoute('xellarBalanceToken', 'Get the amount of a token', XellarBalanceResponse, XellarTokenRequest)
  async tokenBalance(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarBalanceResponse> {
    const read = readKnown(XellarTokenRequest, body);
    return enveloped('Check Token Balance is successfully', await this.reads.token(caller, read));
  }

  @Post('batch-balance-token')
  @WalletRoute('xellarBatchBalanceToken', 'Get amounts of tokens', XellarTokensResponse, XellarTokensRequest)
  async tokenBalances(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarTokensResponse> {
    const read = readKnown(XellarTokensRequest, body);
    return enveloped('Check Token Balance is successfully', await this.reads.tokens(caller, read));
  }

  @Post('transaction-detail')
  @WalletRoute(
    'xellarTransactionDetail',
    'Get the receipt of a transaction',
    XellarTransactionDetailResponse,
    XellarTransactionDetailRequest,
  )
  async transactionDetail(
    @CallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Answer<XellarTransactionDetailResponse> {
    const read = readKnown(XellarTransactionDetailRequest, body);
    return enveloped('Transaction Detail executed successfully', await this.reads.transaction(caller, read));
  }

  @Post('estimate-gas')
  @WalletRoute('xellarEstimateGas', 'Get what it would cost', XellarEstimateResponse, XellarEstimateRequest)
  async estimate(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarEstimateResponse> {
    const read = readKnown(XellarEstimateRequest, body);
    return enveloped('Estimate Gas executed successfully', await this.reads.estimate(caller, read));
  }

  /** Clients 3 and 4 call this path, which contains a quote. */
  @Post('estimate-gas"')
  @WalletRoute('xellarEstimateGasQuoted', 'As `estimate-gas`', XellarEstimateResponse, XellarEstimateRequest)
  quotedEstimate(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarEstimateResponse> {
    return this.estimate(caller, body);
  }

  /** Client 3.6 also calls it for typed data and transactions, without a message. */
  @Post('sign-message')
  @WalletRoute('xellarSignMessage', 'Sign a text', XellarSignatureResponse, XellarMessageRequest)
  async signMessage(
    @CallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Answer<XellarSignatureResponse | XellarSignedTransactionResponse> {
    const { message, transaction, data } = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (message === undefined && transaction !== undefined) return this.signTransaction(caller, body);
    if (message === undefined && data !== undefined) return this.signTypedData(caller, body);
    const read = readKnown(XellarMessageRequest, body);
    return enveloped('Sign Message is successfully', await this.signing.message(caller, read));
  }

  @Post('sign-typed-data')
  @WalletRoute('xellarSignTypedData', 'Sign typed data', XellarSignatureResponse, XellarTypedDataRequest)
  async signTypedData(
    @CallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Answer<XellarSignatureResponse> {
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
  async signTransaction(
    @CallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Answer<XellarSignedTransactionResponse> {
    const read = readKnown(XellarTransactionRequest, body);
    return enveloped('Sign Transaction is successfully', await this.signing.transaction(caller, read));
  }

  @Post('send-coin')
  @WalletRoute('xellarSendCoin', 'Send coins', XellarSentResponse, XellarSendRequest)
  async sendCoin(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'send-coin');
  }

  @Post('send-token')
  @WalletRoute('xellarSendToken', 'Send tokens', XellarSentResponse, XellarSendRequest)
  async sendToken(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'send-token');
  }

  @Post('transfer-erc721')
  @WalletRoute('xellarTransferErc721', 'Send a collectible', XellarSentResponse, XellarSendRequest)
  async erc721(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'transfer-erc721');
  }

  @Post('transfer-erc1155')
  @WalletRoute('xellarTransferErc1155', 'Send ERC-1155 collectibles', XellarSentResponse, XellarSendRequest)
  async erc1155(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'transfer-erc1155');
  }

  @Post('send-transaction')
  @WalletRoute('xellarSendTransaction', 'Send a transaction', XellarSentResponse, XellarSendRequest)
  async sendTransaction(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'custom');
  }

  @Post('cancel-transaction')
  @WalletRoute('xellarCancelTransaction', 'Cancel a send', XellarCancelledResponse, XellarCancelRequest)
  async cancel(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarCancelledResponse> {
    const read = readKnown(XellarCancelRequest, body);
    return enveloped('Cancel Transaction is processing', await this.sends.cancel(caller, read));
  }

  private async send(caller: XellarCaller, body: unknown, type: string): Answer<XellarSentResponse> {
    const read = readKnown(XellarSendRequest, body);
    return enveloped('Send Transaction is successfully', await this.sends.send(caller, { ...read, type }));
  }
}
