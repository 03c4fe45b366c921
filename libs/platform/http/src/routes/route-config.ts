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

/** The page (HTML) for a browser, instead of a problem. */
export type BrowserPage = (problem: Problem, request: FastifyRequest) => string;

/** Adds to the config of other decorators. The framework's `RouteConfig` replaces it. */
export function AddRouteConfig(config: Partial<FastifyContextConfig>): MethodDecorator {
  return (target, property, descriptor) => {
    const { KEY } = RouteConfig({});
    const before = Reflect.getMetadata(KEY, descriptor.value as object) as object | undefined;
    RouteConfig({ ...before, ...config })(target, property, descriptor);
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body may be a JSON merge patch (RFC 7396) with its own media type. */
    takesMergePatch?: true;
    takesNoBody?: true;
    /** The largest body in bytes; by default `MAX_BODY_BYTES`. */
    maxBodyBytes?: number;
    keepsBodyText?: boolean;
    speaksOAuth?: boolean;
    /** For a URL that people open: a browser gets a page, not JSON. */
    answersBrowsers?: true | BrowserPage;
    /** For a route that decides itself which pages may read its answers: whether a page's preflight passes. */
    knowsOrigin?: (origin: string) => Promise<boolean>;
    /** Whether an unreadable body is refused after the guards of the route. */
    checksCallerFirst?: true;
  }

  interface FastifyRequest {
    /** The body as received. Only on routes with `@KeepsBodyText()`, and only for a request with a body. */
    bodyText?: string;
    /** Why the body could not be read. Only on routes that check their caller first. */
    bodyProblem?: Error;
  }
}

/** For a route whose body is a JSON merge patch. It also accepts `application/json`. */
export function TakesMergePatch(): MethodDecorator {
  return applyDecorators(
    AddRouteConfig({ takesMergePatch: true }),
    ApiConsumes('application/merge-patch+json', 'application/json'),
  );
}

export function TakesBodiesUpTo(maxBodyBytes: number): MethodDecorator {
  return AddRouteConfig({ maxBodyBytes });
}

/** For a route that verifies the body's original text: numbers keep their digits, and `null` differs from absent. */
export function KeepsBodyText(): MethodDecorator {
  return AddRouteConfig({ keepsBodyText: true });
}

/** For a route of an OAuth standard: it accepts forms instead of JSON, and its errors also have the OAuth members. */
export function SpeaksOAuth(): MethodDecorator {
  return applyDecorators(AddRouteConfig({ speaksOAuth: true }), ApiExtraModels(OAuthProblemResponse));
}

/** For a route that people open by a link: a refusal shows a plain page, or `page`, in a browser. */
export function AnswersBrowsers(page?: BrowserPage): MethodDecorator {
  return AddRouteConfig({ answersBrowsers: page ?? true });
}

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

/** For the guard of a route: it checks the caller before the body, even if the body cannot be read. */
export function ChecksCallerFirst(): MethodDecorator {
  return applyDecorators(AddRouteConfig({ checksCallerFirst: true }), UseInterceptors(BodyInterceptor));
}
