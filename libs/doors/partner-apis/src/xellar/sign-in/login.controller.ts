import { Body, Get, Headers, Post, Req, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApplicationsService, type Application } from '@countersign/applications';
import { Verified, loginWidgetSettings } from '@countersign/auth';
import { ApiController, readKnown } from '@countersign/http';
import { XellarApplication } from '../clients/xellar-clients';
import {
  XellarCreateRequest,
  XellarCreateResponse,
  XellarPairResponse,
  XellarRefreshRequest,
} from '../dto/account.dto';
import { XellarAppConfigResponse } from '../dto/apps.dto';
import { XellarLoginResponse, XellarTelegramRequest } from '../dto/telegram.dto';
import {
  ApiVersion,
  type XellarVersion,
  enveloped,
  type Answer,
  XellarRoute,
} from '../protocol/xellar-route';
import { CallerOf, type XellarCaller } from '../tokens/token.guards';
import { XellarAccounts } from '../wallets/xellar-accounts.service';
import { XellarSignIn, type XellarLogin } from './xellar-sign-in.service';

/** The kit reads these members of login methods and products that this service does not have. */
const OFF = {
  google: { enabled: false, clientId: '' },
  whatsapp: { enabled: false },
  apple: { enabled: false, clientId: '', redirectUri: '' },
  ...{ useEmailLogin: false, isRampableEnabled: false, isAAEnabled: false, rampableClientSecret: '' },
  ...{ useXellarBrand: false, logoUrl: '', showPoweredBy: false },
};

const ENVIRONMENT = 'x-environment';

@ApiController('api', 'Login')
export class XellarLoginController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly signIns: XellarSignIn,
    private readonly accounts: XellarAccounts,
  ) {}

  /** The kit reads this before it shows its login methods. */
  @Get('v1/apps/config')
  @ApiHeader({ name: ENVIRONMENT, required: false, description: '`development`: of a test bot.' })
  @XellarRoute('client', 'xellarAppConfig', 'Get how people may log in', XellarAppConfigResponse)
  async config(
    @XellarApplication() { id, settings }: Application,
    @Headers(ENVIRONMENT) wanted: string | undefined,
  ): Answer<XellarAppConfigResponse> {
    const environment = wanted === 'development' ? 'test' : 'production';
    const { bots } = await this.applications.getBots(id);
    const bot = bots.find(
      (each) => each.provider === 'telegram' && each.environment === environment && each.status === 'active',
    );
    const enabled = bot !== undefined && loginWidgetSettings.of(settings).accept;
    const telegram = { enabled, botUsername: bot?.username ?? '', botId: bot?.botId ?? '' };
    return enveloped('ok', { isEmbeddedWalletEnabled: true, telegram, ...OFF });
  }

  @Post(['v1/auth/telegram', 'v2/auth/telegram'])
  @UseGuards(AuthGuard('xellar-telegram'))
  @XellarRoute('client', 'xellarTelegramLogin', 'Telegram login', XellarLoginResponse, XellarTelegramRequest)
  async byTelegram(
    @Verified() login: XellarLogin,
    @ApiVersion() version: XellarVersion,
  ): Answer<XellarLoginResponse> {
    return enveloped('ok', await this.signIns.openSession(login, version));
  }

  @Post(['v1/account/create', 'v2/account/create'])
  @XellarRoute('access', 'xellarCreate', 'Get or make the wallet', XellarCreateResponse, XellarCreateRequest)
  async create(
    @CallerOf() caller: XellarCaller,
    @ApiVersion() version: XellarVersion,
    @Body() body: unknown,
  ): Answer<XellarCreateResponse> {
    const read = readKnown(XellarCreateRequest, body ?? {});
    return enveloped('Create wallet successfully', await this.accounts.create(caller, read, version));
  }

  @Post('v2/wallet/refresh')
  @XellarRoute('client', 'xellarRefresh', 'Get the next tokens', XellarPairResponse, XellarRefreshRequest)
  async refresh(
    @XellarApplication() application: Application,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Answer<XellarPairResponse> {
    const { refreshToken } = readKnown(XellarRefreshRequest, body);
    return enveloped('Refresh Success', await this.accounts.refresh(refreshToken, application, request));
  }
}
