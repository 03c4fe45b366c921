import { Injectable } from '@nestjs/common';
import { ApplicationsService, botError, BotTokens } from '@countersign/applications';
import { Clock } from '@countersign/clock';
import { requestError } from '@countersign/http';
import { verifyLoginWidget, type LoginWidgetInput, type LoginWidgetUser } from '@countersign/telegram';
import type { ClaimedProfile } from '@countersign/users';
import { authError, loginWidgetError } from '../auth.errors';
import { Door, type DoorAnswer } from '../doors/door';
import { DoorStrategy } from '../doors/door.strategy';
import { LoginWidgetSignIn } from '../doors/login-widget-sign-in';
import { proofIdOf } from '../proof/proof-id';

/** The Login Widget of a web page, and LoginUrl buttons. */
@Injectable()
export class LoginWidgetDoor extends Door<LoginWidgetSignIn> {
  protected readonly bodyType = LoginWidgetSignIn;

  constructor(
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly clock: Clock,
  ) {
    super();
  }

  protected async verify(body: LoginWidgetSignIn): Promise<DoorAnswer> {
    const input = inputOf(body);
    const { application, bot } = await this.applications.getSignInTarget(
      body.applicationId,
      'telegram',
      body.botId,
    );
    if (bot.status === 'compromised') throw botError('bot.compromised');
    const { accept, maxAge, ownParameters } = application.settings.loginWidget;
    if (!accept) throw authError('auth.login_widget_refused');
    const now = this.clock.now();
    const verified = verifyLoginWidget(input, {
      keys: this.botTokens.loginWidgetKeys(bot, now),
      now,
      maxAgeSeconds: maxAge,
      ownParameters: new Set(ownParameters),
    });
    if (!verified.ok) throw loginWidgetError(verified.code);
    const { fields, hash, authDate, user } = verified.value;
    const { provider, environment, botId } = bot;
    return {
      application,
      proof: {
        provider,
        environment,
        subject: user.id,
        applicationId: application.id,
        botId,
        botRowId: bot.id,
        profile: profileOf(user),
        hints: {},
        alias: null,
        madeAt: authDate,
        startParam: null,
        proofId: proofIdOf({ provider, environment, botId, fields }),
        secret: hash,
        assurance: 'bot-token',
        door: 'telegram-login-widget',
      },
    };
  }
}

/** @throws AppError request.invalid unless exactly one form is there. */
function inputOf({ data, query, tgAuthResult }: LoginWidgetSignIn): LoginWidgetInput {
  const given: LoginWidgetInput[] = [];
  if (data !== undefined) given.push({ kind: 'object', data });
  if (query !== undefined) given.push({ kind: 'query', query });
  if (tgAuthResult !== undefined) given.push({ kind: 'tgAuthResult', tgAuthResult });
  const [input, another] = given;
  if (!input || another)
    throw requestError('request.invalid', {
      fields: [
        { path: '', code: 'exactly_one', detail: 'must have exactly one of data, query and tgAuthResult' },
      ],
    });
  return input;
}

/** The widget does not speak of the language. */
function profileOf(user: LoginWidgetUser): ClaimedProfile {
  return {
    firstName: user.firstName,
    lastName: user.lastName ?? null,
    username: user.username ?? null,
    photoUrl: user.photoUrl ?? null,
  };
}

@Injectable()
export class LoginWidgetStrategy extends DoorStrategy(LoginWidgetDoor, 'telegram-login-widget') {}
