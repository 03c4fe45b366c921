import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InteractionResults, Provider } from 'oidc-provider';
import { encodeQR } from 'qr';
import { startParameterOf } from '@countersign/account';
import { StartLinks } from '@countersign/applications';
import { AnswersBrowsers, escapeHtml, requestError } from '@countersign/http';
import { browserName } from '@countersign/text';
import { OpenidClients } from '../clients/openid-clients';
import { openidError } from '../openid.errors';
import { OpenidProvider } from '../provider/openid-provider';
import { page, PAGE_POLICY } from '../provider/page';
import type { OpenidClientEntity } from '../store/openid.entities';
import { LoginRequests, type LoginRequest } from './login-requests';
import { pageFiles } from './page-files';

/** The library, and what it waits for. */
interface Waiting {
  readonly provider: Provider;
  readonly interaction: Awaited<ReturnType<Provider['interactionDetails']>>;
}

/** What a browser sees while its person signs in. The cookie of the library binds all of it to one browser. */
@Controller('oidc')
@ApiExcludeController()
export class LoginPagesController {
  constructor(
    private readonly providers: OpenidProvider,
    private readonly clients: OpenidClients,
    private readonly requests: LoginRequests,
    private readonly links: StartLinks,
  ) {}

  @Get('files/:name')
  file(@Param('name') name: string, @Res() reply: FastifyReply): void {
    const file = pageFiles.get(name);
    if (!file) throw requestError('request.route_not_found');
    void reply.headers({ 'content-type': file.type, 'cache-control': 'public, max-age=300' }).send(file.text);
  }

  @Get('login/:uid')
  @AnswersBrowsers()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { provider, interaction } = await this.waitingFor(request, reply);
    const { client_id: clientId, scope } = interaction.params as Readonly<Record<string, string | undefined>>;
    const client = await this.clients.find(clientId ?? '');
    if (!client) throw openidError('openid.request_not_found');
    // `prompt=consent` of a client of the operator, which needs none.
    if (interaction.prompt.name === 'consent' && !client.isThirdParty) {
      await finish(provider, request, reply, { consent: {} });
      return;
    }
    const asked = await this.requests.ask({
      id: interaction.uid,
      clientId: client.id,
      scopes: client.scopes.filter((each) => scope?.split(' ').includes(each)),
      browser: browserName(request.headers['user-agent'] ?? ''),
      address: request.ip,
      knownSessionId: interaction.session?.accountId,
    });
    void reply
      .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY })
      .send(await this.loginPage(client, asked));
  }

  /** Whether the page goes on: the phone has answered, or the request is over. */
  @Get('login/:uid/state')
  @Header('cache-control', 'no-store')
  async state(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly isOver: boolean }> {
    const { interaction } = await this.waitingFor(request, reply);
    const asked = await this.requests.find(interaction.uid);
    return { isOver: asked?.outcome !== undefined };
  }

  /** @throws AppError openid.request_not_found where the phone has not answered */
  @Get('login/:uid/continue')
  @AnswersBrowsers()
  async continue(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { provider, interaction } = await this.waitingFor(request, reply);
    const asked = await this.requests.find(interaction.uid);
    if (asked?.outcome === undefined) throw openidError('openid.request_not_found');
    // Whoever accepts agrees, where there is something to agree to.
    const { login } = asked;
    await finish(provider, request, reply, login ? { consent: {}, login } : REFUSED);
  }

  /** @throws AppError openid.request_not_found without the cookie */
  private async waitingFor({ raw }: FastifyRequest, reply: FastifyReply): Promise<Waiting> {
    const provider = await this.providers.get();
    const interaction = await provider.interactionDetails(raw, reply.raw).catch(() => null);
    if (!interaction) throw openidError('openid.request_not_found');
    return { provider, interaction };
  }

  private async loginPage(
    { applicationId, name }: OpenidClientEntity,
    { code, number }: LoginRequest,
  ): Promise<string> {
    const links = await this.links.ofApps(applicationId, startParameterOf('login', code));
    const ways = links.map(
      ({ url }) => `<div class="way">
<div class="qr" role="img" aria-label="QR code of the link below">${encodeQR(url, 'svg')}</div>
<a class="button" href="${escapeHtml(url)}">Open Telegram</a></div>`,
    );
    return page(
      `Sign in to ${name}`,
      `<p>Scan the code with your phone, or open the link on this one.</p>${ways.join('')}
<p>Then type this number there:</p><p class="number">${number}</p>
<p class="hint">Only accept a number that you see in your own browser. Whoever sends you one signs in as you.</p>
<p id="state" role="status">Waiting for your phone.</p>
<noscript><p><a href="">Reload</a> when you have accepted.</p></noscript>`,
      'login.js',
    );
  }
}

const REFUSED: InteractionResults = { error: 'access_denied', error_description: 'the number was wrong' };

async function finish(
  provider: Provider,
  { raw }: FastifyRequest,
  reply: FastifyReply,
  result: InteractionResults,
): Promise<void> {
  const returnTo = await provider.interactionResult(raw, reply.raw, result);
  void reply.status(303).header('location', returnTo).send();
}
