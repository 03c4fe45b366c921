import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InteractionResults, Provider } from 'oidc-provider';
import { startParameterOf } from '@countersign/account';
import { StartLinks } from '@countersign/applications';
import { PageSignIns, type SignInPage } from '@countersign/auth';
import { Configuration } from '@countersign/runtime';
import {
  AnswersBrowsers,
  HTML_STYLE,
  LimitsCalls,
  LimitsRefusals,
  PAGE_POLICY,
  requestError,
} from '@countersign/http';
import { browserName } from '@countersign/text';
import { OpenidClients } from '../clients/openid-clients';
import { SeenClients } from '../consents/seen-clients';
import { openidError } from '../openid.errors';
import { OpenidAccounts } from '../provider/openid-accounts';
import { OpenidProvider } from '../provider/openid-provider';
import type { OpenidClientEntity } from '../store/openid.entities';
import { hasBegun, loginPath, secretOf, UNSEEN } from '../provider/page';
import { accountPage, clientPage, LOGIN_SCRIPT, loginPage } from './login-page';
import { LoginRequests } from './login-requests';

/** The pages of a browser's sign-in. Cookies bind them to one browser. */
@Controller('oidc')
@ApiExcludeController()
export class LoginPagesController {
  constructor(
    private readonly providers: OpenidProvider,
    private readonly clients: OpenidClients,
    private readonly requests: LoginRequests,
    private readonly accounts: OpenidAccounts,
    private readonly seen: SeenClients,
    private readonly links: StartLinks,
    private readonly signIns: PageSignIns,
    private readonly configuration: Configuration,
  ) {}

  @Get('files/:name')
  file(@Param('name') name: string, @Res() reply: FastifyReply): void {
    const files = {
      'login.css': HTML_STYLE,
      'login.js': LOGIN_SCRIPT,
      'wallet.js': this.signIns.walletScript,
    };
    const text = new Map(Object.entries(files)).get(name);
    if (text === undefined) throw requestError('request.route_not_found');
    const type = name.endsWith('.js') ? 'text/javascript' : 'text/css';
    const headers = { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'public, max-age=300' };
    void reply.headers(headers).send(text);
  }

  @Get('sign-in/:uid')
  @AnswersBrowsers()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { provider, interaction } = await this.waitingFor(request, reply);
    const { client_id: clientId, scope } = interaction.params as Readonly<Record<string, string | undefined>>;
    const client = await this.clients.find(clientId ?? '');
    if (!client) throw openidError('openid.request_not_found');
    const { name: prompt, reasons } = interaction.prompt;
    const isUnseenOnly = reasons.every((reason) => reason === UNSEEN);
    // Consent to a third party is asked for on the phone.
    if (prompt === 'consent' && (isUnseenOnly || !client.isThirdParty)) {
      if (reasons.includes(UNSEEN)) await this.showClient(interaction, client, reply);
      // The client of an operator sent `prompt=consent`, but needs no consent.
      else await finish(provider, request, reply, { consent: {} });
      return;
    }
    const asked = await this.requests.ask({
      id: interaction.uid,
      clientId: client.id,
      scopes: client.scopes.filter((each) => scope?.split(' ').includes(each)),
      shown: this.seen.digestOf(client),
      device: await deviceOf(provider, interaction.deviceCode),
      browser: browserName(request.headers['user-agent'] ?? ''),
      address: request.ip,
      knownSessionId: interaction.session?.accountId,
    });
    if (asked.outcome !== undefined) {
      sendTo(reply, `${loginPath(interaction.uid)}/continue`);
      return;
    }
    const none = { telegram: false, wallet: null };
    const ways = asked.device ? none : await this.signIns.waysOf(client.applicationId);
    const links = await this.links.ofApps(client.applicationId, startParameterOf('login', asked.code));
    const isRefusedByTelegram = 'refused' in (request.query as object);
    sendPage(reply, loginPage({ client, asked, links, ways, isRefusedByTelegram }));
  }

  /** Whether the page goes on (the phone has accepted, or the request is over), and whether a phone refused. */
  @Get('sign-in/:uid/state')
  @Header('cache-control', 'no-store')
  async state(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly isOver: boolean; readonly isRefused: boolean }> {
    const { interaction } = await this.waitingFor(request, reply);
    const asked = await this.requests.find(interaction.uid);
    return { isOver: asked?.outcome !== undefined, isRefused: asked?.isRefused === true };
  }

  @Get('sign-in/:uid/continue')
  @AnswersBrowsers()
  async continue(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { provider, interaction } = await this.waitingFor(request, reply);
    const asked = await this.requests.find(interaction.uid);
    if (asked?.outcome === undefined) throw openidError('openid.request_not_found');
    if (!asked.login) {
      await finish(provider, request, reply, REFUSED);
      return;
    }
    const [client, account] = await Promise.all([
      this.clients.find(asked.clientId),
      this.accounts.nameOf(asked.login.accountId),
    ]);
    if (!client) throw openidError('openid.request_not_found');
    const toAgree = asked.outcome === 'proven' ? (asked.toAgree ?? []) : [];
    const host = hostOf(interaction);
    const [token, action] = [secretOf(interaction.uid, 'account'), `${loginPath(interaction.uid)}/continue`];
    sendPage(reply, accountPage({ client, account, host, toAgree, token, action }));
  }

  /** Receives the form of the account page. */
  @Post('sign-in/:uid/continue')
  @AnswersBrowsers()
  async answer(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() form: unknown,
  ): Promise<void> {
    const { provider, interaction } = await this.waitingFor(request, reply);
    const { uid } = interaction;
    const sent = form instanceof Map ? (form as ReadonlyMap<string, string>) : null;
    if (sent?.get('token') !== secretOf(uid, 'account')) throw openidError('openid.request_not_found');
    const isOther = sent.get('other') === 'yes';
    const answer = isOther ? 'other-person' : sent.get('agree') === 'yes' ? 'continue' : 'stop';
    const login = await this.requests.answer(uid, answer);
    if (!isOther) {
      // If consent is needed, to continue is to give it.
      await finish(provider, request, reply, login ? { consent: {}, login } : REFUSED);
      return;
    }
    // The browser's former session may have ended. The sign-in goes on without it.
    if (interaction.session) {
      Reflect.deleteProperty(interaction.session, 'uid');
      await interaction.persist();
    }
    sendTo(reply, loginPath(uid));
  }

  /** Receives the form of the client page. */
  @Post('sign-in/:uid/client')
  @AnswersBrowsers()
  async see(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() form: unknown,
  ): Promise<void> {
    const { provider, interaction } = await this.waitingFor(request, reply);
    const { uid, session, params } = interaction;
    const client = await this.clients.find(String(params['client_id']));
    const shown = client && this.seen.digestOf(client);
    const sent = form instanceof Map ? (form as ReadonlyMap<string, string>).get('token') : undefined;
    if (!shown || sent !== secretOf(uid, shown)) throw openidError('openid.request_not_found');
    await this.requests.see(session?.accountId ?? '', client.id, shown);
    await finish(provider, request, reply, { consent: {} });
  }

  /** Starts Log In With Telegram, and receives its answer. */
  @Get('sign-in/:uid/telegram')
  @LimitsCalls('redirect')
  @AnswersBrowsers()
  async telegram(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() { code, error }: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const [id, own] = await this.ownPage(request, reply);
    if (typeof code === 'string') {
      await this.requests.prove(await this.signIns.byTelegram(own, code), id);
      sendTo(reply, `${loginPath(id)}/continue`);
    } else if (error === undefined) {
      const { location, cookie } = await this.signIns.startTelegram(own, request.headers.host);
      if (cookie !== null) void reply.header('set-cookie', cookie);
      sendTo(reply, location);
    } else sendTo(reply, `${loginPath(id)}?refused`);
  }

  /** Receives a wallet's answer to a challenge that the page's script asked for. */
  @Post('sign-in/:uid/wallet')
  @LimitsRefusals('sign-in')
  @HttpCode(204)
  async wallet(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() answer: unknown,
  ): Promise<void> {
    const [id, own] = await this.ownPage(request, reply);
    const caller = await this.signIns.byWallet(own, Object(answer) as object);
    if (!caller) throw openidError('openid.request_not_found');
    await this.requests.prove(caller, id);
  }

  /** The form's token has the client's digest, so the client that is recorded is the one that was shown. */
  private async showClient(
    interaction: Interaction,
    client: OpenidClientEntity,
    reply: FastifyReply,
  ): Promise<void> {
    const { uid, session } = interaction;
    const account = await this.accounts.nameOf(session?.accountId ?? '');
    const [host, token] = [hostOf(interaction), secretOf(uid, this.seen.digestOf(client))];
    sendPage(reply, clientPage({ client, account, host, token, action: `${loginPath(uid)}/client` }));
  }

  private async waitingFor(request: FastifyRequest, reply: FastifyReply) {
    const provider = await this.providers.get();
    const interaction = await provider.interactionDetails(request.raw, reply.raw).catch(() => null);
    if (!interaction || !hasBegun(request, provider.cookieName('interaction')))
      throw openidError('openid.request_not_found');
    return { provider, interaction };
  }

  /** Only for a browser, not for a device. */
  private async ownPage(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<readonly [string, SignInPage]> {
    const { uid, deviceCode } = (await this.waitingFor(request, reply)).interaction;
    const asked = deviceCode === undefined ? await this.requests.find(uid) : null;
    const client = asked && asked.outcome === undefined ? await this.clients.find(asked.clientId) : null;
    if (!asked || !client) throw openidError('openid.request_not_found');
    const { href: url } = new URL(`${loginPath(uid)}/telegram`, this.configuration.issuer);
    const own = { url, secret: secretOf(uid, 'telegram'), deviceName: asked.browser };
    return [uid, { ...own, applicationId: client.applicationId }];
  }
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

const REFUSED: InteractionResults = { error: 'access_denied', error_description: 'it was refused' };

/** @returns the device as it was when it asked for its code; `null` for the sign-in of a browser */
async function deviceOf(
  provider: Provider,
  deviceCode: string | undefined,
): Promise<{ readonly browser: string; readonly address: string } | null> {
  if (deviceCode === undefined) return null;
  const { ua, ip } = (await provider.DeviceCode.find(deviceCode))?.deviceInfo ?? {};
  const userAgent = typeof ua === 'string' ? ua : '';
  const named = browserName(userAgent);
  const [program = named] = /^[\w.-]{1,40}(\/[\w.-]{1,20})?/.exec(userAgent) ?? [];
  // Programs that are not browsers begin with their own name.
  return { browser: userAgent.startsWith('Mozilla/') ? named : program, address: String(ip) };
}

/** The host of the redirect address, or its scheme if it has none; `null` for a device, which is not redirected. */
function hostOf({ deviceCode, params }: Interaction): string | null {
  if (deviceCode !== undefined) return null;
  const { host, protocol } = new URL(String(params['redirect_uri']));
  return host || protocol;
}

async function finish(
  provider: Provider,
  { raw }: FastifyRequest,
  reply: FastifyReply,
  result: InteractionResults,
): Promise<void> {
  sendTo(reply, await provider.interactionResult(raw, reply.raw, result));
}

function sendTo(reply: FastifyReply, location: string): void {
  void reply.status(303).header('location', location).send();
}

function sendPage(reply: FastifyReply, text: string): void {
  void reply
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY })
    .send(text);
}
