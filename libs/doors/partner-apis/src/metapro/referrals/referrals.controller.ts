import { Body, Get, Param, Post } from '@nestjs/common';
import { ReferralCodes, toStartParam, referralSettings } from '@countersign/referrals';
import { Caller, type Principal } from '@countersign/sessions';
import { metaproError } from '../metapro.errors';
import { assertOwn, MetaproProjects } from '../metapro-projects';
import { ApiController, Id, ObjectOf, OneOf, readKnown, Text } from '@countersign/http';
import { PublicRoute, SessionRoute } from '../protocol/metapro-route';

const STATUSES = { off: 'disabled', optional: 'optional', required: 'required' } as const;

const referralCodeStatuses = ['required', 'optional', 'disabled'] as const;

class MetaproReferralSettingsResponse {
  @Id('The application: it has one configuration.')
  referralSettingsId: string;

  @Id('The application.')
  projectId: string;

  @OneOf(referralCodeStatuses, 'Whether a first login needs a code.', 'optional')
  referralCodeStatus: (typeof referralCodeStatuses)[number];

  @ObjectOf({ type: 'number' }, 'The fraction of a reward for each level, nearest first.', { 1: 0.1 })
  referralLevelsConfiguration: Readonly<Record<string, number>>;
}

class MetaproReferralCodeResponse {
  @Text('As it stands in a start parameter; empty where the person has none yet.', 'r_k7m2qd9xw4ht')
  referralCode: string;
}

class MetaproReferralCodeRequest {
  @Id('The application of the session.', undefined, { input: 'required' })
  projectId: string;
}

@ApiController('ms/referrals', 'Referrals')
export class MetaproReferralsController {
  constructor(
    private readonly projects: MetaproProjects,
    private readonly codes: ReferralCodes,
  ) {}

  @Get('referral-settings/:referralSettingsId')
  @PublicRoute('metaproReferralSettings', 'Get the settings of referrals', MetaproReferralSettingsResponse)
  async settings(@Param('referralSettingsId') id: string): Promise<MetaproReferralSettingsResponse> {
    const application = await this.projects.get(id);
    const { mode, levels } = referralSettings.of(application.settings);
    return {
      referralSettingsId: application.id,
      projectId: application.id,
      referralCodeStatus: STATUSES[mode],
      referralLevelsConfiguration: Object.fromEntries(
        levels.map((fraction, index) => [String(index + 1), fraction]),
      ),
    };
  }

  @Get('users/projects/:projectId/referral-code')
  @SessionRoute('metaproReferralCode', 'Get one’s own referral code', MetaproReferralCodeResponse)
  async code(
    @Caller() caller: Principal,
    @Param('projectId') projectId: string,
  ): Promise<MetaproReferralCodeResponse> {
    assertOwn(caller.applicationId, projectId);
    const code = await this.codes.find(caller);
    return { referralCode: code === null ? '' : toStartParam(code) };
  }

  @Post('users/projects/referral-code')
  @SessionRoute('metaproMakeReferralCode', 'Make one’s own referral code', MetaproReferralCodeResponse, {
    body: MetaproReferralCodeRequest,
  })
  async make(@Caller() caller: Principal, @Body() body: unknown): Promise<MetaproReferralCodeResponse> {
    assertOwn(caller.applicationId, readKnown(MetaproReferralCodeRequest, body).projectId);
    if ((await this.codes.find(caller)) !== null) throw metaproError('metapro.referral_code_exists');
    const { code } = await this.codes.get(caller);
    return { referralCode: toStartParam(code) };
  }
}
