import { Injectable } from '@nestjs/common';
import { ApplicationsService, botError, BotTokens } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { parseJsonBody, invalidField, ObjectOf, Text } from '@countersign/http';
import {
  loginWidgetRefusals,
  verifyLoginWidget,
  type LoginWidgetInput,
  MAX_LOGIN_WIDGET_BYTES,
} from '@countersign/proofs';
import { authError, loginWidgetError } from '../auth.errors';
import {
  accepted,
  botCodes,
  signInCodes,
  type ExplainedDoor,
  type PastedProof,
  type VerifiedSignIn,
} from '../doors/door';
import { pastedQuery, pastedBody, readSignIn, type BodyDoorDeclaration } from '../doors/proof-in-body';
import { profileOf, proofIdOf } from '../proof/verified-proof';
import { BotSignInRequest, TakesReferralCode } from '../doors/sign-in-request';
import { loginWidgetSettings, authMethods } from '../auth.feature';

const EXAMPLE_LOGIN = {
  data: { id: 279058397, first_name: 'Vladislav', auth_date: 1763625600, hash: '...' },
  query: 'id=279058397&first_name=Vladislav&auth_date=1763625600&hash=...',
  tgAuthResult: 'eyJpZCI6Mjc5MDU4Mzk3fQ',
};

/** Exactly one of `data`, `query` and `tgAuthResult`. */
@TakesReferralCode()
class LoginWidgetSignIn extends BotSignInRequest {
  @ObjectOf(
    { oneOf: [{ type: 'string' }, { type: 'number' }] },
    'What the callback of the Login Widget received.',
    EXAMPLE_LOGIN.data,
    { input: 'optional' },
  )
  data?: object;

  @Text(
    'The query string of the page that the Login Widget or a LoginUrl button opened.',
    EXAMPLE_LOGIN.query,
    { input: 'optional', schema: { maxLength: MAX_LOGIN_WIDGET_BYTES } },
  )
  query?: string;

  @Text(
    'The value of `tgAuthResult` in the fragment of the page: base64 of either alphabet, padded or not.',
    EXAMPLE_LOGIN.tgAuthResult,
    { input: 'optional', schema: { maxLength: MAX_LOGIN_WIDGET_BYTES } },
  )
  tgAuthResult?: string;
}

const MAX_AGE_SECONDS = 86_400;

@Injectable()
export class LoginWidgetDoor implements ExplainedDoor {
  static readonly declaration: BodyDoorDeclaration = {
    name: 'login-widget',
    body: LoginWidgetSignIn,
    proofFields: EXAMPLE_LOGIN,
    operation: {
      operationId: 'signInWithTelegramLoginWidget',
      summary: 'Sign in with the Login Widget or a LoginUrl button',
      description: 'Exactly one of `data`, `query` and `tgAuthResult`.',
    },
    codes: [...signInCodes, ...botCodes, 'auth.login_widget_refused', ...Object.keys(loginWidgetRefusals)],
    refusals: 'sign-in',
    levels: { 'bot-token': 'POST /v1/auth/telegram/login-widget' },
    metric: 'telegram_login_widget',
    explain: { input: 'login-widget', options: ['bot'] },
  };

  constructor(
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly clock: Clock,
  ) {}

  /** The text alone distinguishes the three forms. */
  fromPasted(pasted: PastedProof): object {
    const { text } = pasted;
    if (text.startsWith('{')) return pastedBody(pasted, { data: parseJsonBody(Buffer.from(text)) });
    if (/^[\w+/-]+={0,2}$/.test(text)) return pastedBody(pasted, { tgAuthResult: text });
    return pastedBody(pasted, { query: pastedQuery(text) });
  }

  async open(body: unknown): Promise<VerifiedSignIn> {
    const read = readSignIn(LoginWidgetSignIn, body);
    const input = inputOf(read);
    const { applicationId, botId: wanted } = read;
    const { application, bot } = await this.applications.getSignInTarget(applicationId, 'telegram', wanted);
    if (bot.status === 'compromised') throw botError('bot.compromised');
    if (!loginWidgetSettings.of(application.settings).accept) throw authError('auth.login_widget_refused');
    const now = this.clock.now();
    const verified = verifyLoginWidget(input, {
      keys: this.botTokens.keysOf(bot, 'login-widget', now),
      now,
      maxAgeSeconds: MAX_AGE_SECONDS,
    });
    if (!verified.ok) throw loginWidgetError(verified.code);
    const { fields, hash, authDate, user } = verified.value;
    const { provider, environment, botId } = bot;
    const proof = {
      provider,
      environment,
      subject: user.id,
      applicationId,
      botId,
      botRowId: bot.id,
      profile: profileOf(user),
      hints: {},
      alias: null,
      madeAt: authDate,
      startParam: null,
      proofId: proofIdOf({ provider, environment, botId, fields }),
      secret: Buffer.from(hash),
      assurance: 'bot-token',
      door: authMethods.telegramLoginWidget,
    } as const;
    return accepted({ application, proof }, read);
  }
}

function inputOf({ data, query, tgAuthResult }: LoginWidgetSignIn): LoginWidgetInput {
  const given: LoginWidgetInput[] = [];
  if (data !== undefined) given.push({ kind: 'object', data });
  if (query !== undefined) given.push({ kind: 'query', query });
  if (tgAuthResult !== undefined) given.push({ kind: 'tgAuthResult', tgAuthResult });
  const [input, another] = given;
  if (!input || another)
    throw invalidField('', 'exactly_one', 'must have exactly one of data, query and tgAuthResult');
  return input;
}
