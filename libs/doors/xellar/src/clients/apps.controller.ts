import { Controller, Get, Headers } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { ApplicationsService, type Application } from '@countersign/applications';
import { XellarAppConfigResponse } from '../dto/apps.dto';
import { enveloped, type Envelope } from '../protocol/envelope';
import { XellarRoute } from '../protocol/xellar-route';
import { XellarApplication } from './xellar-client.guard';

const ENVIRONMENT = 'x-environment';

/** What the kit reads before it shows its ways to log in. */
@Controller('api/v1/apps')
@ApiTags('Login')
export class XellarAppsController {
  constructor(private readonly applications: ApplicationsService) {}

  @Get('config')
  @ApiHeader({ name: ENVIRONMENT, required: false, description: '`development`: of a test bot.' })
  @XellarRoute(
    { operationId: 'xellarAppConfig', summary: 'Get how people may log in to the application' },
    XellarAppConfigResponse,
    { by: 'client' },
  )
  async config(
    @XellarApplication() { id }: Application,
    @Headers(ENVIRONMENT) wanted: string | undefined,
  ): Promise<Envelope<XellarAppConfigResponse>> {
    const environment = wanted === 'development' ? 'test' : 'production';
    const { bots } = await this.applications.getBots(id);
    const bot = bots.find(
      (each) => each.provider === 'telegram' && each.environment === environment && each.status === 'active',
    );
    return enveloped('ok', {
      isEmbeddedWalletEnabled: true,
      telegram: {
        enabled: bot !== undefined,
        botUsername: bot?.username ?? '',
        botId: bot?.botId ?? '',
      },
      google: { enabled: false, clientId: '' },
      whatsapp: { enabled: false },
      apple: { enabled: false, clientId: '', redirectUri: '' },
      ...{ useEmailLogin: false, isRampableEnabled: false, isAAEnabled: false, rampableClientSecret: '' },
      ...{ useXellarBrand: false, logoUrl: '', showPoweredBy: false },
    });
  }
}
