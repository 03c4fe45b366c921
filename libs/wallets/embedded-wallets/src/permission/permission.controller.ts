import { Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AddRouteConfig, statusOf, toAppError } from '@countersign/http';
import type { LimitRule } from '@countersign/limits';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { cookieOf, valueOf } from './permission-cookies';
import { askingPage, confirmingPage, decidedPage, PAGE_POLICY, refusedPage } from './permission-pages';
import { PERMISSION_PATH } from '@countersign/auth';
import { WalletPermissions } from './wallet-permissions.service';

/** For each IP address, since a login stores a row. */
const CALLS: LimitRule = { name: 'wallet-permissions', limit: 60, window: 60 };
const HTML = 'text/html; charset=utf-8';

/** The page where a person lets an application use the wallet. It has no script, and loads nothing from other hosts. */
@Controller(PERMISSION_PATH)
@ApiExcludeController()
export class PermissionController {
  constructor(private readonly permissions: WalletPermissions) {}

  /** Opened by the link, and by the redirect after the login. */
  @Get()
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_POLICY)
  @AddRouteConfig({ addressLimit: { rule: CALLS, counts: 'calls' } })
  async show(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { request: asked, state, code, error } = request.query as Readonly<Record<string, unknown>>;
    const link = textOf(asked ?? state);
    return answer(request, reply, link, async () => {
      if (error !== undefined) throw embeddedWalletError('wallet.permission_no_login');
      if (code === undefined) {
        const { application, isGranted } = await this.permissions.asked(link);
        return isGranted ? decidedPage(application, true) : askingPage(application, link);
      }
      const secret = valueOf('login', request.headers.cookie);
      const confirming = await this.permissions.confirm(link, textOf(code), secret);
      void reply.header('set-cookie', [cookieOf('login', null), cookieOf('grant', confirming.grant)]);
      return confirmingPage(confirming, link);
    });
  }

  @Get('login')
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_POLICY)
  @AddRouteConfig({ addressLimit: { rule: CALLS, counts: 'calls' } })
  async login(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const link = textOf((request.query as Readonly<Record<string, unknown>>)['request']);
    return answer(request, reply, link, async () => {
      const { location, secret } = await this.permissions.beginLogin(link);
      void reply.status(302).headers({ location, 'set-cookie': cookieOf('login', secret) });
      return '';
    });
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_POLICY)
  @AddRouteConfig({ takesForm: true, addressLimit: { rule: CALLS, counts: 'calls' } })
  async decide(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const form =
      request.body instanceof Map ? (request.body as ReadonlyMap<string, string>) : new Map<string, string>();
    const link = form.get('request') ?? '';
    return answer(request, reply, link, async () => {
      const { cookie, 'sec-fetch-site': site = 'same-origin' } = request.headers;
      if (site !== 'same-origin') throw embeddedWalletError('wallet.permission_invalid');
      const isAllowed = form.get('decision') === 'allow';
      const decision = { request: link, confirmation: form.get('confirmation') ?? '', isAllowed };
      const { application } = await this.permissions.decide(decision, valueOf('grant', cookie));
      void reply.header('set-cookie', cookieOf('grant', null));
      return decidedPage(application, isAllowed);
    });
  }
}

/** Answers a refusal as a page. Internal errors are rethrown. */
async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  link: string,
  work: () => Promise<string>,
): Promise<string> {
  try {
    return await work();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.kind === 'internal') throw thrown;
    request.problemCode = error.code;
    void reply.status(statusOf(error.kind));
    return refusedPage(error, link);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
