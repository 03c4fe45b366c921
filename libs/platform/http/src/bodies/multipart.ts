import { ApiConsumes } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';
import { requestError } from '../http.errors';
import { AddRouteConfig } from '../routes/route-config';
import { repeatedParameter } from './form';

/** A file of a form. */
export interface FormFile {
  /** As sent by the client. */
  readonly name: string;
  readonly text: string;
}

/** The fields of a form by their names. */
export type MultipartForm = ReadonlyMap<string, string | FormFile>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body may be a form with files. */
    takesMultipart?: true;
  }
}

/** For a route whose body is a form with a text file. The handler gets a `MultipartForm`, or the value of a JSON body. */
export function TakesMultipart(): MethodDecorator {
  return applyDecorators(AddRouteConfig({ takesMultipart: true }), ApiConsumes('multipart/form-data'));
}

/** RFC 2046 section 5.1.1. */
const BOUNDARY = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i;
const DISPOSITION = /^content-disposition:[ \t]*form-data((?:[ \t]*;[ \t]*\w+="[^"\r\n]*")+)[ \t]*$/im;

/**
 * Reads `multipart/form-data`, RFC 7578. Texts and files are UTF-8; a name that occurs twice is refused, as in other forms.
 * @param contentType with the boundary
 * @throws AppError request.malformed_form, request.invalid
 */
export function parseMultipart(contentType: string, bytes: Buffer): MultipartForm {
  const [, quoted, plain = quoted] = BOUNDARY.exec(contentType) ?? [];
  if (plain === undefined) throw malformed();
  // Latin-1 maps each byte to one character.
  const [preamble, ...parts] = `\r\n${bytes.toString('latin1')}`.split(`\r\n--${plain}`);
  const end = parts.pop();
  if (preamble !== '' || end === undefined || !/^--(?:\r\n)*$/.test(end)) throw malformed();
  const form = new Map<string, string | FormFile>();
  for (const part of parts) {
    const { name, value } = readPart(part);
    if (form.has(name)) throw repeatedParameter(name);
    form.set(name, value);
  }
  return form;
}

function readPart(part: string): { readonly name: string; readonly value: string | FormFile } {
  const end = part.indexOf('\r\n\r\n');
  const [, parameters = ''] = DISPOSITION.exec(part.slice(0, Math.max(end, 0))) ?? [];
  const name = parameterOf(parameters, 'name');
  if (name === undefined) throw malformed();
  const fileName = parameterOf(parameters, 'filename');
  const text = textOf(part.slice(end + 4));
  return { name, value: fileName === undefined ? text : { name: fileName, text } };
}

function parameterOf(parameters: string, name: string): string | undefined {
  const [, value] = new RegExp(`;[ \\t]*${name}="([^"]*)"`, 'i').exec(parameters) ?? [];
  return value === undefined ? undefined : textOf(value);
}

function textOf(bytes: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    throw malformed();
  }
}

function malformed(): Error {
  return requestError('request.malformed_form');
}
