import { Get, Headers } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { ApiHeader } from '@nestjs/swagger';
import { ApplicationsService, type Application } from '@countersign/applications';
import { XellarAppConfigResponse } from '../dto/apps.dto';
import { enveloped, type Answer, XellarRoute } from '../protocol/xellar-route';
import { XellarApplication } from './xellar-clients';

const ENVIRONMENT = 'x-environment';

/** What the kit reads before it shows its ways to log in. */
@ApiController('api/v1/apps', 'Login')
export class XellarAppsController {
  constructor(private readonly applications: ApplicationsService) {}

  @Get('config')
  @ApiHeader({ name: ENVIRONMENT, required: false, description: '`development`: of a test bot.' })
  @XellarRoute('client', 'xellarAppConfig', 'Get how people may log in', XellarAppConfigResponse)
  async config(
    @XellarApplication() { id }: Application,
    @Headers(ENVIRONMENT) wanted: string | undefined,
  ): Answer<XellarAppConfigResponse> {
    const environment = wanted === 'development' ? 'test' : 'production';
    const { bots } = await this.applications.getBots(id);
    const bot = bots.find(
      (each) => each.provider === 'telegram' && each.environment === environment && each.status === 'active',
    );
    return enveloped('ok', {
      isEmbeddedWalletEnabled: true,
      telegram: { enabled: bot !== undefined, botUsername: bot?.username ?? '', botId: bot?.botId ?? '' },
      google: { enabled: false, clientId: '' },
      whatsapp: { enabled: false },
      apple: { enabled: false, clientId: '', redirectUri: '' },
      ...{ useEmailLogin: false, isRampableEnabled: false, isAAEnabled: false, rampableClientSecret: '' },
      ...{ useXellarBrand: false, logoUrl: '', showPoweredBy: false },
    });
  }
}
