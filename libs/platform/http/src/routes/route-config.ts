import {
  applyDecorators,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes, ApiExtraModels } from '@nestjs/swagger';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { Problem } from '../problems/problem';
import type { Observable } from 'rxjs';
import { OAuthProblemResponse } from '../problems/problem.dto';

/** The page that a browser is shown instead of a problem, as HTML. */
export type BrowserPage = (problem: Problem, request: FastifyRequest) => string;

/** Like `RouteConfig`, but adds to the config of other decorators, where the framework's own replaces it. */
export function AddRouteConfig(config: Partial<FastifyContextConfig>): MethodDecorator {
  return (target, property, descriptor) => {
    const { KEY } = RouteConfig({});
    const before = Reflect.getMetadata(KEY, descriptor.value as object) as object | undefined;
    RouteConfig({ ...before, ...config })(target, property, descriptor);
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body may be a JSON merge patch, RFC 7396, by its own media type. */
    takesMergePatch?: true;
    /** Whether the handler declares no body. */
    takesNoBody?: true;
    /** The largest body, in bytes, where it is not `MAX_BODY_BYTES`. */
    maxBodyBytes?: number;
    keepsBodyText?: boolean;
    speaksOAuth?: boolean;
    /** For a URL that people open: a browser gets a page, not JSON. */
    answersBrowsers?: true | BrowserPage;
    /** For a route that decides itself which pages may read its answers: whether a preflight of a page passes. */
    knowsOrigin?: (origin: string) => Promise<boolean>;
    /** Whether a body that cannot be read is refused after the guards of the route. */
    checksCallerFirst?: true;
  }

  interface FastifyRequest {
    /** The body as it was received. Only on routes with `@KeepsBodyText()`, and only when there was one. */
    bodyText?: string;
    /** Why the body could not be read. Only on routes that check their caller first. */
    bodyProblem?: Error;
  }
}

/** For a route whose body is a JSON merge patch: `application/json` is accepted too. */
export function TakesMergePatch(): MethodDecorator {
  return applyDecorators(
    AddRouteConfig({ takesMergePatch: true }),
    ApiConsumes('application/merge-patch+json', 'application/json'),
  );
}

/** For a route whose bodies are larger than `MAX_BODY_BYTES`. */
export function TakesBodiesUpTo(maxBodyBytes: number): MethodDecorator {
  return AddRouteConfig({ maxBodyBytes });
}

/** For a route that verifies its body as it was written: numbers keep their digits, and `null` differs from absent. */
export function KeepsBodyText(): MethodDecorator {
  return AddRouteConfig({ keepsBodyText: true });
}

/** For a route of an OAuth standard: it accepts forms instead of JSON, and its errors also have the OAuth members. */
export function SpeaksOAuth(): MethodDecorator {
  return applyDecorators(AddRouteConfig({ speaksOAuth: true }), ApiExtraModels(OAuthProblemResponse));
}

/** For a route that people open by a link: where it is refused, a browser is shown a plain page, or `page`. */
export function AnswersBrowsers(page?: BrowserPage): MethodDecorator {
  return AddRouteConfig({ answersBrowsers: page ?? true });
}

/** @throws AppError request.*: why the body could not be read */
export function assertBodyRead({ bodyProblem }: FastifyRequest): void {
  if (bodyProblem) throw bodyProblem;
}

@Injectable()
class BodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    assertBodyRead(context.switchToHttp().getRequest<FastifyRequest>());
    return next.handle();
  }
}

/** For the guard of a route: callers are checked before what they send, also where it cannot be read. */
export function ChecksCallerFirst(): MethodDecorator {
  return applyDecorators(AddRouteConfig({ checksCallerFirst: true }), UseInterceptors(BodyInterceptor));
}
